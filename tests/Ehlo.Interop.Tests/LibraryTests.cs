using System;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Sasl;
using Ehlo.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>Real clients against the library, for what the program never offers: CRAM-MD5 needs passwords in clear.</summary>
public sealed class LibraryTests
{
    private const string User = "app";
    private const string Password = "a:b=c+d/e%41&f";

    public static TheoryData<string> Clients => AllClients.Able(Abilities.Clear | Abilities.CramMd5);

    [Theory, MemberData(nameof(Clients))]
    public async Task A_user_logs_in_by_CRAM_MD5(string client)
    {
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, 0)) { Mechanisms = [new CramMd5Mechanism()], RequireAuthentication = true };
        TaskCompletionSource<string?> identity = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SmtpServer server = new(
            new() { ServerName = "mx.example.org", Listeners = { listener } }, connection => new SecretSession(connection, identity));
        server.Start();
        await AllClients.Named(client).SendAsync(new Delivery
        {
            Port = ((IPEndPoint)listener.EndPoint).Port,
            Login = new(Mechanism.CramMd5, User, Password),
            From = "a@client.example",
            To = ["b@example.test"],
            Contents = [Contents.Plain()],
        });
        Assert.Equal(User, await identity.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    private sealed class SecretSession(SmtpServerConnection connection, TaskCompletionSource<string?> identity) : SmtpSession(connection)
    {
        public override AuthenticationKinds AuthenticationKinds => AuthenticationKinds.Secret;

        protected override ValueTask<AuthenticationResult> OnAuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
            new(request is SecretRequest { AuthenticationIdentity: User }
                ? AuthenticationResult.AcceptIfProved(new AuthenticatedIdentity(User), Password)
                : AuthenticationResult.Refuse());

        protected override async ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
        {
            await content.CopyToAsync(Stream.Null, cancellationToken);
            identity.TrySetResult(Identity?.Name);
            return Reply.Ok();
        }
    }
}
