using System;
using System.Net;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Who is believed to connect for somebody else, and what follows.</summary>
public sealed class ProxyTests
{
    private const string Line = "PROXY TCP4 192.0.2.1 198.51.100.7 56324 25\r\n";
    private static readonly IPEndPoint Trusted = IPEndPoint.Parse("10.0.0.1:4711");
    private SmtpServerConnection? _seen;

    [Theory]
    [InlineData(Line, "192.0.2.1:56324", "198.51.100.7:25")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1:1", "[::1]:2")]
    [InlineData("PROXY UNKNOWN\r\n", "10.0.0.1:4711", null)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", "10.0.0.1:4711", null)]
    public async Task A_trusted_proxy_says_whose_connection_it_is(string header, string source, string? destination)
    {
        await using TestServer server = NewServer();
        TestClient client = server.Connect(peer: Trusted);
        // In two parts, and with what the client was quick to send behind it.
        await client.SendAsync(header[..5]);
        await client.SendAsync(header[5..] + "NOOP\r\n");
        await client.ExpectAsync("220");
        await client.ExpectAsync("250");
        Assert.Equal((source, destination), (_seen!.RemoteEndPoint?.ToString(), _seen.LocalEndPoint?.ToString()));
        Assert.Equal(Trusted, _seen.ProxyEndPoint);
        Assert.Equal(header[0] == 'P' ? 1 : 2, _seen.Proxy!.Version);
    }

    [Theory]
    [InlineData("EHLO client.example\r\n")]
    [InlineData("PROXY TCP4 localhost localhost 1 2\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x12\0\0")]
    [InlineData("")]
    public async Task A_trusted_proxy_that_does_not_say_it_is_closed_without_a_word(string octets)
    {
        await using TestServer server = NewServer();
        TestClient client = server.Connect(peer: Trusted);
        if (octets.Length > 0) await client.SendAsync(octets);
        else await server.Clock.PassAsync(TimeSpan.FromSeconds(10));
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(1, server.Observed.Proxies);
        Assert.Empty(server.Probe.Calls);
    }

    [Fact]
    public async Task A_header_that_trickles_in_has_ten_seconds_in_all()
    {
        await using TestServer server = NewServer();
        TestClient client = server.Connect(peer: Trusted);
        await server.Clock.WhenSetAsync(TimeSpan.FromSeconds(10));
        for (int i = 0; i < 5; i++)
        {
            await client.SendAsync(Line[i..(i + 1)]);
            server.Clock.Advance(TimeSpan.FromSeconds(2));
        }
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(1, server.Observed.Proxies);
    }

    [Theory]
    [InlineData("10.0.1.1:4711", Line)]
    [InlineData(null, Line)]
    [InlineData("10.0.1.1:4711", "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0b\x0c\x0e")]
    public async Task Whoever_is_not_trusted_speaks_another_protocol(string? peer, string header)
    {
        await using TestServer server = NewServer();
        TestClient client = server.Connect(peer: peer is null ? null : IPEndPoint.Parse(peer));
        await client.ExpectAsync("220");
        await client.SendAsync(header);
        string rest = System.Text.Encoding.ASCII.GetString(await client.RestAsync());
        Assert.Matches("(500 .*\r\n)*421 4.7.0 This is not what you look for, closing connection\r\n$", rest);
        Assert.Equal((peer, null), (_seen!.RemoteEndPoint?.ToString(), _seen.Proxy));
    }

    [Fact]
    public async Task It_stands_before_the_TLS_handshake_even_in_one_piece_with_it()
    {
        SmtpListener listener = NewListener();
        (listener.Tls, listener.Certificates) = (TlsMode.Implicit, TestCertificates.For("mx.example"));
        await using TestServer server = NewServer(listener);
        TestClient client = server.Connect(peer: Trusted);
        await client.UpgradeAsync("mx.example", before: Line);
        await client.BeginMailAsync("DATA");
        await client.AskAsync("Text\r\n.");
        Assert.Equal("192.0.2.1:56324", _seen!.RemoteEndPoint?.ToString());
        Assert.NotNull(_seen.Tls);
    }

    [Fact]
    public async Task Limits_count_the_source_and_not_the_proxy()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.ProxyProtocol = [IPNetwork.Parse("127.0.0.0/8")];
        await using TestServer server = new() { Listener = listener, Time = TimeProvider.System, Limits = new() { MaxConnectionsPerAddress = 1 } };
        server.Start();
        await (await DialAsync("192.0.2.1")).ExpectAsync("220");
        TestClient second = await DialAsync("192.0.2.2");
        await second.ExpectAsync("220");
        TestClient third = await DialAsync("192.0.2.1");
        Assert.Equal("421 mx.example Too many connections, try again later", await third.ReplyAsync());
        await third.ExpectEndAsync();
        Assert.Equal(["MaxConnectionsPerAddress"], server.Observed.Limits);
        await second.AskAsync("QUIT");
        await second.ExpectEndAsync();
        // The count falls a moment after the end that the client sees.
        string greeting = "";
        for (int i = 0; i < 1000 && !greeting.StartsWith("220", StringComparison.Ordinal); i++)
            greeting = await (await DialAsync("192.0.2.2")).ReplyAsync();
        Assert.StartsWith("220", greeting, StringComparison.Ordinal);

        async Task<TestClient> DialAsync(string source)
        {
            TestClient client = await server.DialAsync();
            await client.SendAsync($"PROXY TCP4 {source} 198.51.100.7 1 25\r\n");
            return client;
        }
    }

    private TestServer NewServer(SmtpListener? listener = null)
    {
        TestServer server = new() { Listener = listener ?? NewListener() };
        server.Probe.Make = connection => _seen = connection;
        return server;
    }

    private static SmtpListener NewListener()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.ProxyProtocol = [IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("10.0.0.0/24")];
        return listener;
    }
}
