using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.App.Smtp;

/// <summary>Lets everybody in, takes every message and drops it.</summary>
internal sealed class SinkSession(SmtpServerConnection connection) : SmtpSession(connection)
{
    private static readonly Reply Dropped = Reply.Ok("OK, discarded");

    public override AuthenticationKinds AuthenticationKinds => AuthenticationKinds.Password;

    protected override ValueTask<AuthenticationResult> OnAuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
        new(AuthenticationResult.Accept(((PasswordRequest)request).AuthenticationIdentity));

    protected override async ValueTask<Reply> OnMessageAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        ReadResult result;
        do
        {
            result = await content.ReadAsync(cancellationToken);
            content.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        return Dropped;
    }
}
