using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.Testing;

/// <summary>Takes what there is room for.</summary>
internal sealed class TestSession(
    SmtpServerConnection connection, FaultSet faults, TestSmtpServerOptions options, MessageStore store, TestAccounts accounts, ServerWatch watch)
    : FaultySession(connection, faults)
{
    public override AuthenticationKinds AuthenticationKinds => accounts.Kinds;

    protected override void OnFault(Fault fault) => watch.Note(Connection, $"fault {fault}");

    protected override ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
        new(accounts.Answer(request));

    protected override bool Offers(Extension extension) => !options.NotOffered.Contains(extension.Keyword);

    protected override async ValueTask<Reply> ReceiveAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        using MemoryStream octets = new();
        bool isKept = false;
        try
        {
            ReadResult result;
            do
            {
                result = await content.ReadAsync(cancellationToken);
                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                {
                    if (store.Reserve(part.Length) is { } refusal) return refusal;
                    octets.Write(part.Span);
                }
                content.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
            ReceivedMessage message = new(this, transaction, octets.ToArray(), options.TimeProvider.GetUtcNow());
            isKept = true;
            return store.Add(message) ?? Reply.Ok($"OK, kept as #{message.Number}");
        }
        finally
        {
            if (!isKept) store.Release(octets.Length);
        }
    }
}
