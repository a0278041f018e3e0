using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>How often things may happen.</summary>
public sealed class RateTests
{
    [Fact]
    public async Task Everything_is_counted_with_its_address_and_identity_and_refused_when_it_is_too_often()
    {
        Counter counter = new();
        await using TestServer server = NewServer(counter);
        server.Probe.Kinds = AuthenticationKinds.Password;
        server.Probe.On = (method, _) => new(method is "OnAuthenticate" ? new Reply(235, "Yes") : null);
        TestClient client = await server.Connect().BeginAsync("AUTH PLAIN AGEAYg==", "MAIL FROM:<a@b>", "RCPT TO:<a@b>");
        Assert.Equal(["Connection -", "Message somebody", "Recipient somebody"], counter.Seen);
        counter.Refused = SmtpRateEvent.Recipient;
        Assert.Equal("452 4.5.3 Too many recipients for now, try again later", await client.AskAsync("RCPT TO:<c@b>"));
        Assert.Equal(1, server.Probe.Calls.AsSpan().Count("1:OnRcpt"));
        // What is refused changes nothing.
        counter.Refused = SmtpRateEvent.Message;
        Assert.StartsWith("354", await client.AskAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("Text\r\n."), StringComparison.Ordinal);
        Assert.Equal("450 4.7.0 Too many messages for now, try again later", await client.AskAsync("MAIL FROM:<a@b>"));
        Assert.Equal(1, server.Probe.Calls.AsSpan().Count("1:OnMail"));
        counter.Refused = null;
        Assert.StartsWith("250", await client.AskAsync("MAIL FROM:<a@b>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_too_many_for_now_is_421_and_makes_no_session_object()
    {
        await using TestServer server = NewServer(new() { Refused = SmtpRateEvent.Connection });
        TestClient client = server.Connect();
        Assert.Equal("421 mx.example Too many connections for now, try again later", await client.ReplyAsync());
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Empty(server.Probe.Calls);
        Assert.Equal(["Connection"], server.Observed.Limits);
    }

    [Fact]
    public async Task A_failed_authentication_too_many_for_now_closes_with_421()
    {
        Counter counter = new() { Refused = SmtpRateEvent.AuthenticationFailure };
        await using TestServer server = NewServer(counter);
        server.Probe.Kinds = AuthenticationKinds.Password;
        TestClient client = await server.Connect().BeginAsync();
        Assert.Equal("535 5.0.0 No", await client.AskAsync("AUTH PLAIN AGEAYg=="));
        Assert.Equal("421 4.7.0 Too many failed authentications for now, try again later", await client.ReplyAsync());
        await client.ExpectEndAsync();
        Assert.Equal(["Connection -", "AuthenticationFailure -"], counter.Seen);
    }

    [Fact]
    public async Task A_limiter_that_throws_is_reported_and_lets_everything_pass()
    {
        await using TestServer server = NewServer(new() { Throws = true });
        await server.Connect().BeginMailAsync();
        Assert.Equal(["TryAcquire", "TryAcquire", "TryAcquire"], server.Observed.FailedMethods);
    }

    private static TestServer NewServer(Counter counter)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.AllowPlaintextAuthentication = true;
        return new() { Listener = listener, RateLimiter = counter, Limits = new() { AuthenticationFailureDelay = TimeSpan.Zero } };
    }

    private sealed class Counter : SmtpRateLimiter
    {
        public ConcurrentQueue<string> Seen { get; } = new();

        public SmtpRateEvent? Refused { get; set; }

        public bool Throws { get; init; }

        public override bool TryAcquire(SmtpRateEvent what, SmtpServerConnection connection)
        {
            if (Throws) throw new InvalidDataException("No");
            Seen.Enqueue($"{what} {connection.Identity?.Name ?? "-"}");
            return what != Refused;
        }
    }
}
