using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Who may refuse TLS, and how it is said.</summary>
public sealed class HandshakeTests
{
    private static readonly byte[] Alert = [21, 3, 3, 0, 2, 2, 40];

    private static TestServer NewServer(TlsMode mode, Func<SmtpServerConnection, ValueTask<bool>>? ask = null)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        (listener.Tls, listener.Certificates) = (mode, TestCertificates.For("mx.example"));
        if (ask is not null) listener.BeforeHandshake = (connection, _) => ask(connection);
        return new() { Listener = listener };
    }

    [Fact]
    public async Task STARTTLS_that_the_session_class_refuses_changes_nothing()
    {
        await using TestServer server = NewServer(TlsMode.StartTls);
        int asked = 0;
        server.Probe.On = (method, _) =>
            new(method == "OnStartTls" && ++asked == 1 ? new Reply(454, new EnhancedStatusCode(4, 7, 0), "TLS not available") : null);
        TestClient client = await server.Connect().BeginMailAsync();
        Assert.Equal("454 4.7.0 TLS not available", await client.AskAsync("STARTTLS"));
        Assert.StartsWith("250", await client.AskAsync("RCPT TO:<c@d>"), StringComparison.Ordinal);
        Assert.Equal("220 2.0.0 Ready to start TLS", await client.AskAsync("STARTTLS"));
        await client.UpgradeAsync();
        Assert.StartsWith("250", await client.AskAsync("EHLO client.example"), StringComparison.Ordinal);
        Assert.Equal(
            ["1:OnStartTls", "1:OnRcpt", "1:OnStartTls", "1:OnReset(StartTls)", "1:Dispose", "2:OnHello"],
            server.Probe.Calls[4..]);
    }

    [Theory]
    [InlineData(250, "451 4.3.0")]
    [InlineData(421, "421 4.0.0")]
    public async Task STARTTLS_has_no_positive_answer_but_220(int code, string reply)
    {
        await using TestServer server = NewServer(TlsMode.StartTls);
        server.Probe.On = (method, _) => new(method == "OnStartTls" ? new Reply(code, "No") : null);
        TestClient client = await server.Connect().BeginAsync();
        Assert.StartsWith(reply, await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
        Assert.Equal(code == 250 ? ["OnStartTlsAsync"] : [], server.Observed.FailedMethods);
    }

    [Theory]
    [InlineData(TlsMode.StartTls)]
    [InlineData(TlsMode.Implicit)]
    public async Task A_handshake_that_is_refused_is_told_by_an_alert(TlsMode mode)
    {
        List<string> asked = [];
        await using TestServer server = NewServer(mode, connection =>
        {
            asked.Add($"{connection.SessionNumber}, TLS {connection.Tls is not null}");
            return new(false);
        });
        TestClient client = server.Connect();
        if (mode is TlsMode.StartTls) await client.BeginAsync("STARTTLS");
        Assert.Equal(Alert, await client.RestAsync());
        await client.Served.Within("the end of the connection");
        Assert.Equal([$"{(mode is TlsMode.StartTls ? 1 : 0)}, TLS False"], asked);
        Assert.Single(server.Observed.Handshakes);
        Assert.Empty(server.Observed.Failed);
    }

    [Fact]
    public async Task One_who_fails_when_asked_is_reported_and_the_handshake_fails()
    {
        await using TestServer server = NewServer(TlsMode.Implicit, _ => throw new InvalidOperationException("A mistake."));
        TestClient client = server.Connect();
        Assert.Equal(Alert, await client.RestAsync());
        await client.Served.Within("the end of the connection");
        Assert.Equal(["BeforeHandshake"], server.Observed.FailedMethods);
    }

    [Fact]
    public async Task A_handshake_waits_for_the_answer_and_an_abort_ends_it_without_an_alert()
    {
        TaskCompletionSource<bool> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = NewServer(TlsMode.Implicit, async connection =>
        {
            if (!await answer.Task) connection.Abort();
            return true;
        });
        TestClient client = server.Connect();
        Task upgrade = client.UpgradeAsync();
        Assert.Empty(client.Wire.Writes);
        answer.SetResult(true);
        await upgrade;
        await client.ExpectAsync("220 ");

        answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TestClient dropped = server.Connect();
        answer.SetResult(false);
        Assert.Empty(await dropped.RestAsync());
        await dropped.Served.Within("the end of the connection");
    }
}
