using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Authentication;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>TLS, on sockets and in memory.</summary>
public sealed class TlsTests
{
    private static TestServer NewServer(TlsMode mode, bool hasSockets = false)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        (listener.Tls, listener.Certificates) = (mode, TestCertificates.For("mx.example", "*.wild.example"));
        TestServer server = new() { Listener = listener, Time = hasSockets ? TimeProvider.System : new TestClock() };
        return hasSockets ? server.Start() : server;
    }

    [Theory]
    [InlineData(TlsMode.StartTls, SslProtocols.Tls12, true)]
    [InlineData(TlsMode.StartTls, SslProtocols.Tls13, true)]
    [InlineData(TlsMode.Implicit, SslProtocols.Tls12, true)]
    [InlineData(TlsMode.Implicit, SslProtocols.Tls13, true)]
    [InlineData(TlsMode.StartTls, SslProtocols.Tls13, false)]
    [InlineData(TlsMode.Implicit, SslProtocols.Tls12, false)]
    public async Task A_message_passes_and_QUIT_is_followed_by_close_notify(TlsMode mode, SslProtocols protocol, bool hasSockets)
    {
        await using TestServer server = NewServer(mode, hasSockets);
        SmtpServerConnection? seen = null;
        server.Probe.Make = connection => seen = connection;
        TestClient client = hasSockets ? await server.DialAsync() : server.Connect();
        if (mode is TlsMode.StartTls)
        {
            await client.BeginAsync();
            Assert.Equal("220 2.0.0 Ready to start TLS", await client.AskAsync("STARTTLS"));
        }
        await client.UpgradeAsync("a.wild.example", protocol);
        if (mode is TlsMode.Implicit) await client.ExpectAsync("220 mx.example");
        string offer = await client.AskAsync("EHLO client.example");
        Assert.DoesNotContain("STARTTLS", offer, StringComparison.Ordinal);
        Assert.Equal(new TlsProperties(protocol, client.Tls.NegotiatedCipherSuite, "a.wild.example", null), seen!.Tls);
        await client.AskAsync("MAIL FROM:<a@b>", "RCPT TO:<a@b>", "DATA");
        string content = new StringBuilder().Insert(0, "A line of text that is long enough to be one of many.\r\n", 5000).ToString();
        await client.SendAsync(content + ".\r\n");
        await client.ExpectAsync("250 2.6.0");
        Assert.Equal(content, Encoding.Latin1.GetString(Assert.Single(server.Probe.Stored)));
        Assert.Equal("221 2.0.0 Bye", await client.AskAsync("QUIT"));
        // Without close_notify a client could not tell this from an end that somebody else made, and SslStream throws.
        await client.ExpectEndAsync();
        if (!hasSockets)
        {
            await client.Served.Within("the end of the connection");
            // The last record is an alert: type 21 in TLS 1.2, and in 1.3 all look like data.
            Assert.Equal(protocol is SslProtocols.Tls12 ? 21 : 23, client.Wire.Writes.Last()[0]);
            Assert.True(client.Wire.Writes.Last().Length < 40);
        }
    }

    [Fact]
    public async Task After_STARTTLS_a_new_object_knows_nothing_and_the_old_one_is_disposed()
    {
        await using TestServer server = NewServer(TlsMode.StartTls);
        List<string> made = [];
        RecordingTrace trace = new();
        server.Probe.Make = connection =>
        {
            made.Add($"{connection.SessionNumber}, TLS {connection.Tls is not null}, items {connection.Items.Count}");
            connection.Items["key"] = "value";
            if (connection.SessionNumber == 1) connection.Trace = trace;
        };
        TestClient client = await server.Connect().BeginMailAsync();
        await client.AskAsync("STARTTLS");
        await client.UpgradeAsync();
        Assert.StartsWith("503", await client.AskAsync("MAIL FROM:<a@b>"), StringComparison.Ordinal);
        await client.AskAsync("EHLO again.example", "MAIL FROM:<a@b>", "QUIT");
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1, TLS False, items 0", "2, TLS True, items 1"], made);
        Assert.Equal(
            ["1:OnConnect", "1:OnHello", "1:OnMail", "1:OnRcpt", "1:OnStartTls", "1:OnReset(StartTls)", "1:Dispose",
                "2:OnHello", "2:OnMail", "2:OnReset(Quit)", "2:Dispose"],
            server.Probe.Calls);
        Assert.Equal(0, server.Probe.Overlaps);
        Assert.Equal("QUIT", trace.Lines[^1]);
        Assert.Contains("EHLO again.example", trace.Lines);
    }

    [Fact]
    public async Task A_factory_that_fails_after_STARTTLS_is_told_as_421_through_TLS()
    {
        await using TestServer server = NewServer(TlsMode.StartTls);
        server.Probe.Make = connection =>
        {
            if (connection.SessionNumber == 2) throw new InvalidOperationException("A secret.");
        };
        TestClient client = await server.Connect().BeginAsync();
        await client.AskAsync("STARTTLS");
        await client.UpgradeAsync();
        await client.ExpectAsync("421 4.3.0");
        await client.ExpectEndAsync();
        Assert.Equal("1:Dispose", server.Probe.Calls[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handshake_that_fails_closes_without_a_word_in_clear(bool isLost)
    {
        await using TestServer server = NewServer(TlsMode.StartTls);
        TestClient client = await server.Connect().BeginMailAsync();
        await client.AskAsync("STARTTLS");
        if (isLost) client.Lose();
        else await client.SendAsync("NOOP\r\nQUIT\r\n");
        byte[] rest = isLost ? [] : await client.RestAsync();
        await client.Served.Within("the end of the connection");
        // An alert is a TLS record; nothing else may come.
        Assert.True(rest.Length == 0 || rest[0] == 21, Encoding.Latin1.GetString(rest));
        Assert.Equal(["1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^2..]);
        Assert.Single(server.Observed.Handshakes);
    }

    [Fact]
    public async Task A_handshake_that_fails_under_implicit_TLS_makes_no_object()
    {
        await using TestServer server = NewServer(TlsMode.Implicit);
        TestClient client = server.Connect();
        await client.SendAsync("EHLO client.example\r\n");
        byte[] rest = await client.RestAsync();
        await client.Served.Within("the end of the connection");
        Assert.True(rest.Length == 0 || rest[0] == 21, Encoding.Latin1.GetString(rest));
        Assert.Empty(server.Probe.Calls);
    }

    [Fact]
    public async Task Input_left_over_behind_STARTTLS_is_421_and_closes()
    {
        await using TestServer server = NewServer(TlsMode.StartTls);
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("STARTTLS\r\nMAIL FROM:<injected@b>\r\n");
        await client.ExpectAsync("421 4.7.0");
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^2..]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Below_TLS_1_2_no_server_hello_is_sent(byte minor, bool isAccepted)
    {
        await using TestServer server = NewServer(TlsMode.Implicit);
        TestClient client = server.Connect();
        await client.SendAsync(Encoding.Latin1.GetString(ClientHello(minor)));
        if (isAccepted)
        {
            await server.Clock.WhenSetAsync(new SmtpTimeouts().Handshake);
            client.Wire.Writes.TryPeek(out byte[]? first);
            while (first is null)
            {
                await Task.Yield();
                client.Wire.Writes.TryPeek(out first);
            }
            Assert.Equal(22, first[0]);
            return;
        }
        byte[] rest = await client.RestAsync();
        Assert.True(rest.Length == 0 || rest[0] == 21, Convert.ToHexString(rest));
        await client.Served.Within("the end of the connection");
        Assert.Single(server.Observed.Handshakes);
    }

    // A hello as an old program makes it: a version, RSA and ECDSA suites of that time, and the curves that the certificate's key needs.
    private static byte[] ClientHello(byte minor)
    {
        byte[] suites = [0xC0, 0x09, 0xC0, 0x0A, 0xC0, 0x13, 0xC0, 0x14, 0xC0, 0x2B, 0xC0, 0x2C, 0x00, 0x2F, 0x00, 0x35];
        byte[] extensions = [0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 4, 0, 2, 4, 3];
        byte[] hello =
        [
            3, minor, .. Enumerable.Repeat((byte)7, 32), 0,
            0, (byte)suites.Length, .. suites, 1, 0,
            0, (byte)extensions.Length, .. extensions,
        ];
        return [22, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length, .. hello];
    }

    private sealed class RecordingTrace : ISessionTrace
    {
        public List<string> Lines { get; } = [];

        public void Received(ReadOnlySpan<byte> line) => Lines.Add(Encoding.Latin1.GetString(line));

        public void Sent(ReadOnlySpan<byte> line)
        {
        }

        public void ReceivedContent(long octets)
        {
        }
    }
}
