using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;

namespace Ehlo.App.Tests.Check;

/// <summary>Takes every message and keeps none.</summary>
internal sealed class DroppingSession(SmtpServerConnection connection, CheckServers servers) : SmtpSession(connection)
{
    private readonly SessionScript _script = CheckServers.Script();

    public override AuthenticationKinds AuthenticationKinds => _script.AuthenticationKinds;

    protected internal override ValueTask<AuthenticationResult> OnAuthenticateAsync(AuthenticationRequest request, CancellationToken ct) =>
        new(_script.Authenticate(request));

    protected internal override async ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken ct)
    {
        await content.CopyToAsync(Stream.Null, ct);
        servers.CountMessage();
        return Reply.Ok();
    }
}
