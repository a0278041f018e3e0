using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Sasl;
using Xunit;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>Our client, before a foreign server.</summary>
internal sealed record ForeignClient(ForeignServer Server, Way Way)
{
    public Security Security { get; init; }

    public SaslClientMechanism? Mechanism { get; init; }

    /// <summary>What is said, in its order.</summary>
    public List<string> Said { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SmtpDestination Destination => new(Security == Security.None ? "127.0.0.1" : "localhost", Server.Port)
    {
        Protocol = Server.Protocol,
        Tls = Security == Security.None ? ClientTls.None : ClientTls.StartTls,
        Credential = Mechanism is null ? null : new PasswordCredential(ForeignServer.UserName, ForeignServer.Password),
    };

    /// <summary>Sends these over one connection, in their order, and returns what became of each for each recipient.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<RecipientResult>>> SendAsync(IReadOnlyList<(Envelope Envelope, byte[] Content)> messages)
    {
        SmtpConnectionOptions options = Options();
        if (Way is Way.Lockstep or Way.Grouped)
        {
            await using SmtpConnection connection = await SmtpConnection.ConnectAsync(Destination, options, Cancellation);
            List<IReadOnlyList<RecipientResult>> results = [];
            foreach ((Envelope envelope, byte[] content) in messages)
            {
                results.Add(Way is Way.Grouped
                    ? (await connection.SendAsync(envelope, content, Cancellation)).Recipients
                    : await ByVerbsAsync(connection, envelope, content));
            }
            return results;
        }
        await using SmtpSender sender = new(new SmtpSenderOptions(Destination) { Connection = options, MaxConnections = 1 });
        SendResult[] sent =
            await Task.WhenAll(messages.Select(message => sender.SendAsync(message.Envelope, message.Content, Cancellation).AsTask()));
        return [.. sent.Select(result => result.Recipients)];
    }

    private SmtpConnectionOptions Options()
    {
        TrustedAuthority trust = new(Server.AuthorityFile);
        return new()
        {
            LocalName = "client.example",
            UseChunking = Way is Way.Sender,
            UsePipelining = Way is not Way.Lockstep,
            Mechanisms = Mechanism is null ? SaslClientMechanisms.Default : [Mechanism],
            AllowPlaintextAuthentication = true,
            CertificateValidation = (_, certificate, _, errors) => trust.Accepts(certificate, errors),
            Observer = new Listener(Said),
        };
    }

    private static async Task<IReadOnlyList<RecipientResult>> ByVerbsAsync(SmtpConnection connection, Envelope envelope, byte[] content)
    {
        BodyType body = content.Any(octet => octet > 127) ? BodyType.EightBitMime : BodyType.SevenBit;
        Reply mail = await connection.MailAsync(envelope with { Body = body }, Cancellation);
        if (!mail.IsPositive) return [.. envelope.Recipients.Select(recipient => new RecipientResult(recipient, mail))];
        List<RecipientResult> results = [];
        foreach (EnvelopeRecipient recipient in envelope.Recipients)
        {
            results.Add(new(recipient, await connection.RcptAsync(recipient, Cancellation)));
        }
        if (!results.Exists(result => result.IsAccepted))
        {
            await connection.ResetAsync(Cancellation);
            return results;
        }
        IReadOnlyList<Reply> replies = await connection.DataAsync(content, Cancellation);
        int next = 0;
        return [.. results.Select(result => result.IsAccepted ? result with { Reply = replies[replies.Count == 1 ? 0 : next++] } : result)];
    }

    private sealed class Listener(List<string> said) : SmtpConnectionObserver
    {
        public override void OnSent(string line)
        {
            lock (said) said.Add(line);
        }
    }
}
