using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>What is said to a proxy, octet for octet. In texts <c>\x</c> escapes stand for octets.</summary>
public sealed class ProxyTunnelTests
{
    private const string Greeting = "220 mx.example\r\n";

    [Theory]
    // Version, the methods; CONNECT to a name, an IPv4 and an IPv6 address, with the port.
    [InlineData("mx.example", "\x05\x01\0" + "\x05\x01\0\x03\x0Amx.example\0\x19")]
    [InlineData("192.0.2.1", "\x05\x01\0" + "\x05\x01\0\x01\xC0\0\x02\x01\0\x19")]
    [InlineData("2001:db8::1", "\x05\x01\0" + "\x05\x01\0\x04\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x01\0\x19")]
    public async Task SOCKS_is_given_the_destination_as_it_is(string host, string expected)
    {
        ProxyStream proxy = new("\x05\0" + "\x05\0\0\x01\x7F\0\0\x01\x10\0" + Greeting);
        await ProxyTunnel.OpenAsync(proxy, ClientProxy.Parse("socks5://proxy.example"), host, 25, CancellationToken.None);
        Assert.Equal(expected, proxy.Written);
        Assert.Equal(Greeting, proxy.Unread);
    }

    [Theory]
    [InlineData("\x05\0\0\x03\x05local\x10\0")]
    [InlineData("\x05\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10\0")]
    public async Task Of_SOCKS_no_octet_of_the_server_is_taken(string answer)
    {
        ProxyStream proxy = new("\x05\0" + answer + Greeting);
        await ProxyTunnel.OpenAsync(proxy, ClientProxy.Parse("socks5://proxy.example"), "mx.example", 25, CancellationToken.None);
        Assert.Equal(Greeting, proxy.Unread);
    }

    [Fact]
    public async Task SOCKS_is_given_name_and_password_when_it_asks()
    {
        ProxyStream proxy = new("\x05\x02" + "\x01\0" + "\x05\0\0\x01\x7F\0\0\x01\x10\0");
        await ProxyTunnel.OpenAsync(proxy, ClientProxy.Parse("socks5://ann:p%40@proxy.example"), "mx.example", 25, CancellationToken.None);
        Assert.Equal("\x05\x02\0\x02" + "\x01\x03" + "ann\x02p@" + "\x05\x01\0\x03\x0Amx.example\0\x19", proxy.Written);
    }

    [Fact]
    public async Task HTTP_is_asked_to_CONNECT()
    {
        ProxyStream proxy = new("HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n" + Greeting);
        await ProxyTunnel.OpenAsync(proxy, ClientProxy.Parse("http://ann:secret@proxy.example"), "2001:db8::1", 587, CancellationToken.None);
        Assert.Equal(
            "CONNECT [2001:db8::1]:587 HTTP/1.1\r\nHost: [2001:db8::1]:587\r\nProxy-Authorization: Basic YW5uOnNlY3JldA==\r\n\r\n", proxy.Written);
        Assert.Equal(Greeting, proxy.Unread);
    }

    [Theory]
    [InlineData("socks5://proxy.example", "\x05\xFF", "The proxy socks5://proxy.example:1080 wants a login.")]
    [InlineData("socks5://a:b@proxy.example", "\x05\x02\x01\x01", "The proxy socks5://proxy.example:1080 refused the login.")]
    [InlineData("socks5://proxy.example", "\x05\0\x05\x05\0\x01\0", "The proxy socks5://proxy.example:1080 refused: the connection was refused.")]
    [InlineData("socks5://proxy.example", "\x05\0\x05\x63\0\x01\0", "The proxy socks5://proxy.example:1080 refused: a failure with the number 99.")]
    [InlineData("socks5://proxy.example", "\x05\0\x05\0\0\x02\0", "The proxy socks5://proxy.example:1080 answered with an address")]
    [InlineData("socks5://proxy.example", "HTTP/1.1 400 Bad Request", "What answers at socks5://proxy.example:1080 does not speak SOCKS 5.")]
    [InlineData("socks5://proxy.example", "\x05", "The proxy socks5://proxy.example:1080 closed the connection.")]
    [InlineData("http://proxy.example", "HTTP/1.1 403 Not \x1Bhere\r\n\r\n", "The proxy http://proxy.example:3128 refused: ")]
    [InlineData("http://proxy.example", "220 mx.example\r\n\r\n", "What answers at http://proxy.example:3128 does not speak HTTP.")]
    [InlineData("http://proxy.example", "HTTP/1.1 200 OK\r\n", "The proxy http://proxy.example:3128 closed the connection.")]
    public async Task A_refusal_says_why(string url, string answer, string message)
    {
        IOException refusal = await Assert.ThrowsAsync<IOException>(
            () => ProxyTunnel.OpenAsync(new ProxyStream(answer), ClientProxy.Parse(url), "mx.example", 25, CancellationToken.None));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1B', refusal.Message);
    }

    [Fact]
    public async Task A_proxy_that_does_not_stop_talking_is_left()
    {
        ProxyStream proxy = new("HTTP/1.1 200 OK\r\n" + new string('a', 100_000));
        IOException refusal = await Assert.ThrowsAsync<IOException>(
            () => ProxyTunnel.OpenAsync(proxy, ClientProxy.Parse("http://proxy.example"), "mx.example", 25, CancellationToken.None));
        Assert.Equal("The proxy http://proxy.example:3128 said more than 8192 octets.", refusal.Message);
    }

    [Theory]
    [InlineData("http://proxy.example")]
    [InlineData("socks5://proxy.example")]
    public async Task No_line_break_in_a_host_reaches_a_proxy(string url)
    {
        ProxyStream proxy = new("");
        await Assert.ThrowsAsync<IOException>(
            () => ProxyTunnel.OpenAsync(proxy, ClientProxy.Parse(url), "mx.example\r\nX: y", 25, CancellationToken.None));
        Assert.Equal("", proxy.Written);
    }

    [Theory]
    [InlineData("socks5://proxy.example", "socks5://proxy.example:1080", null)]
    [InlineData("socks5://ann:s@[2001:db8::1]:99", "socks5://[2001:db8::1]:99", "ann")]
    [InlineData("http://proxy.example", "http://proxy.example:3128", null)]
    [InlineData("http://ann::80@proxy.example", "http://proxy.example:3128", "ann")]
    [InlineData("http://proxy.example:80/", "http://proxy.example:80", null)]
    public void A_URL_names_a_proxy_and_shows_no_password(string url, string expected, string? user)
    {
        ClientProxy proxy = ClientProxy.Parse(url);
        Assert.Equal((expected, user), (proxy.ToString(), proxy.UserName));
    }

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("https://proxy.example")]
    [InlineData("socks5://user@proxy.example")]
    [InlineData("socks5://a%3Ab:c@proxy.example")]
    [InlineData("socks5://a:b%0D%0A@proxy.example")]
    [InlineData("http://proxy.example/path")]
    [InlineData("http://proxy.example?x")]
    public void Another_URL_is_refused(string url) => Assert.Throws<FormatException>(() => ClientProxy.Parse(url));

    [Theory]
    [InlineData(ClientProxyProtocol.Socks5)]
    [InlineData(ClientProxyProtocol.Http)]
    public async Task Through_a_proxy_a_message_arrives(ClientProxyProtocol protocol)
    {
        Recorder recorder = new();
        await using TestServer server = new TestServer { Time = TimeProvider.System, Factory = recorder.NewSession }.Start();
        await using RelayingProxy proxy = new(protocol, server.Listener.EndPoint);
        SmtpDestination destination = new("mx.example", 25) { Tls = ClientTls.None };
        await using SmtpSender sender = new(new SmtpSenderOptions(destination) { Connection = TestServer.Client with { Proxy = proxy.Address } });
        SendResult result = await sender.SendAsync(new("a@client.example", "b@mx.example"), "Through.\r\n"u8.ToArray());
        Assert.True(result.IsAccepted);
        Assert.Equal("Through. b@mx.example", Assert.Single(recorder.Accepted));
        Assert.Equal("mx.example:25", proxy.Asked);
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named()
    {
        SmtpConnectionOptions options = TestServer.Client with { Proxy = new(ClientProxyProtocol.Socks5, "127.0.0.1", 1) };
        SmtpConnectionException failure = await Assert.ThrowsAsync<SmtpConnectionException>(
            async () => await SmtpConnection.OpenAsync(new("mx.example", 25), options));
        Assert.StartsWith(
            "No connection to smtp://mx.example:25: The proxy socks5://127.0.0.1:1 cannot be reached: ", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>What a proxy says, octet by octet, and what it was told; an octet for each character.</summary>
    private sealed class ProxyStream(string says) : MemoryStream(Encoding.Latin1.GetBytes(says))
    {
        private readonly MemoryStream _written = new();

        public string Written => Encoding.Latin1.GetString(_written.ToArray());

        public string Unread => Encoding.Latin1.GetString(ToArray().AsSpan((int)Position));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            _written.WriteAsync(buffer, cancellationToken);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
