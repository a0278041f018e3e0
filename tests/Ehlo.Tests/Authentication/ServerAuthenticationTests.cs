using System;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Authentication;

/// <summary>Authentication through the driver: what the session class and the observer see.</summary>
public sealed class ServerAuthenticationTests
{
    private static readonly SmtpLimits NoDelay = new() { AuthenticationFailureDelay = TimeSpan.Zero };

    [Fact]
    public async Task The_observer_is_told_of_each_login()
    {
        await using TestServer server = NewServer(AuthenticationKinds.Password, Check);
        TestClient client = await server.Connect().BeginAsync();
        await client.AskAsync("AUTH PLAIN " + Base64("\0app\0wrong"));
        await client.AskAsync("AUTH PLAIN !");
        await client.AskAsync("AUTH LOGIN");
        await client.AskAsync(Base64("app"));
        Assert.StartsWith("235 ", await client.AskAsync(Base64("secret")), StringComparison.Ordinal);
        Assert.Equal(
            [
                "PLAIN app failed: 535 5.7.8 Authentication credentials invalid",
                "PLAIN nobody failed: 501 5.5.2 Response is not base64",
                "LOGIN app",
            ],
            server.Observed.Logins);
    }

    [Fact]
    public async Task An_observer_that_throws_changes_nothing()
    {
        await using TestServer server = NewServer(AuthenticationKinds.Password, Check);
        server.Observed.Throws = true;
        TestClient client = await server.Connect().BeginAsync();
        Assert.StartsWith("535 ", await client.AskAsync("AUTH PLAIN " + Base64("\0app\0wrong")), StringComparison.Ordinal);
        Assert.StartsWith("235 ", await client.AskAsync("AUTH PLAIN " + Base64("\0app\0secret")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_accepts_before_the_proof_lets_nobody_in()
    {
        await using TestServer server = NewServer(AuthenticationKinds.StoredKey, _ => AuthenticationResult.Accept("app"));
        TestClient client = await server.Connect().BeginAsync();
        string reply = await client.AskAsync("AUTH SCRAM-SHA-256 " + Base64("n,,n=app,r=client"));
        Assert.Equal("451 4.3.0 Local error in processing", reply);
        Assert.Equal(["OnAuthenticateAsync"], server.Observed.FailedMethods);
    }

    [Fact]
    public async Task A_credential_does_not_answer_for_a_password()
    {
        ScramCredential credential = ScramCredential.Create("secret", new byte[16], ScramCredential.MinIterations);
        await using TestServer server = NewServer(
            AuthenticationKinds.Password, _ => AuthenticationResult.AcceptIfProved(new AuthenticatedIdentity("app"), credential));
        TestClient client = await server.Connect().BeginAsync();
        Assert.StartsWith("451 ", await client.AskAsync("AUTH PLAIN " + Base64("\0app\0secret")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mechanism_of_ones_own_is_offered_and_used()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.Mechanisms = [new TwiceMechanism(), .. SaslMechanisms.Default];
        await using TestServer server = NewServer(AuthenticationKinds.Password, Check, listener);
        TestClient client = server.Connect();
        await client.ExpectAsync("220");
        Assert.Contains("250-AUTH X-TWICE PLAIN LOGIN\n", await client.AskAsync("EHLO client.example"), StringComparison.Ordinal);
        Assert.Equal("334 " + Base64("again"), await client.AskAsync("AUTH X-TWICE " + Base64("secret")));
        Assert.StartsWith("235 ", await client.AskAsync(Base64("secret")), StringComparison.Ordinal);
        Assert.Equal(["X-TWICE app"], server.Observed.Logins);
    }

    [Fact]
    public async Task A_challenge_is_one_line_however_long()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        string challenge = new('c', 9000);
        listener.Mechanisms = [new TwiceMechanism(challenge)];
        await using TestServer server = NewServer(AuthenticationKinds.Password, Check, listener);
        TestClient client = await server.Connect().BeginAsync();
        Assert.Equal("334 " + Base64(challenge), await client.AskAsync("AUTH X-TWICE " + Base64("secret")));
    }

    [Fact]
    public async Task Nonces_of_two_exchanges_differ_and_salts_of_nobody_do_not()
    {
        await using TestServer server = NewServer(AuthenticationKinds.StoredKey, _ => AuthenticationResult.Refuse());
        TestClient client = await server.Connect().BeginAsync();
        string[] first = await FirstAsync("nobody");
        string[] second = await FirstAsync("nobody");
        Assert.NotEqual(first[0], second[0]);
        Assert.InRange(first[0].Length, "r=client".Length + 22, 64);
        Assert.Equal(first[1..], second[1..]);
        Assert.NotEqual(first[1], (await FirstAsync("noone"))[1]);

        async Task<string[]> FirstAsync(string name)
        {
            TestClient other = await server.Connect().BeginAsync();
            string reply = await other.AskAsync("AUTH SCRAM-SHA-256 " + Base64($"n,,n={name},r=client"));
            return Encoding.UTF8.GetString(Convert.FromBase64String(reply[4..])).Split(',');
        }
    }

    [Fact]
    public async Task On_a_Unix_socket_a_password_goes_over_no_wire()
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ehlo-{Guid.NewGuid():N}.sock");
        SmtpListener listener = new(new UnixDomainSocketEndPoint(path));
        await using TestServer server = NewServer(AuthenticationKinds.Password, Check, listener, plaintext: false);
        TestClient client = await server.Connect().BeginAsync();
        Assert.StartsWith("235 ", await client.AskAsync("AUTH PLAIN " + Base64("\0app\0secret")), StringComparison.Ordinal);
    }

    private static AuthenticationResult Check(AuthenticationRequest request) =>
        request is PasswordRequest { Password: "secret" } password
            ? AuthenticationResult.Accept(password.AuthenticationIdentity)
            : AuthenticationResult.Refuse();

    private static TestServer NewServer(
        AuthenticationKinds kinds, Func<AuthenticationRequest, AuthenticationResult> answer, SmtpListener? listener = null, bool plaintext = true)
    {
        listener ??= SmtpListener.Parse("127.0.0.1:0");
        listener.AllowPlaintextAuthentication = plaintext;
        return new TestServer
        {
            Listener = listener,
            Limits = NoDelay,
            Factory = connection => new AnsweringSession(connection, kinds, answer),
        };
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private sealed class AnsweringSession(
        SmtpServerConnection connection, AuthenticationKinds kinds, Func<AuthenticationRequest, AuthenticationResult> answer)
        : SmtpSession(connection)
    {
        public override AuthenticationKinds AuthenticationKinds => kinds;

        protected internal override ValueTask<AuthenticationResult> OnAuthenticateAsync(
            AuthenticationRequest request, CancellationToken cancellationToken) => new(answer(request));

        protected internal override ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, System.IO.Pipelines.PipeReader content, CancellationToken cancellationToken) => new(Reply.Ok());
    }

    /// <summary>Asks for the password twice, of the one user there is.</summary>
    private sealed class TwiceMechanism(string challenge = "again") : SaslMechanism
    {
        public override string Name => "X-TWICE";

        public override AuthenticationKinds Requires => AuthenticationKinds.Password;

        public override bool IsPlaintext => true;

        public override SaslExchange Begin(SaslContext context) => new Exchange(challenge);

        private sealed class Exchange(string challenge) : SaslExchange
        {
            private byte[]? _first;

            public override SaslStep Respond(ReadOnlySpan<byte> response)
            {
                if (_first is not null)
                {
                    return _first.AsSpan().SequenceEqual(response)
                        ? SaslStep.Ask(new PasswordRequest("X-TWICE", "app", Encoding.UTF8.GetString(response)))
                        : SaslStep.Malformed();
                }
                _first = response.ToArray();
                return SaslStep.Challenge(Encoding.UTF8.GetBytes(challenge));
            }
        }
    }
}
