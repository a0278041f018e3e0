using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Tests.Support;

/// <summary>The client's end of a connection, by hand.</summary>
internal sealed class TestClient
{
    private readonly Stream _wire;
    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream;
    private int _start;
    private int _end;

    public TestClient(Stream stream) => (_wire, _stream) = (stream, stream);

    public WireStream Wire { get => field ?? throw new InvalidOperationException("It is a socket."); init; }

    public Socket? Socket { get; init; }

    /// <summary>Completes when the server is done with the connection; of a connection in memory.</summary>
    public Task Served { get; init; } = Task.CompletedTask;

    /// <summary>What the handshake settled.</summary>
    public SslStream Tls => (SslStream)_stream;

    /// <summary>Sends octets, as Latin-1 has them.</summary>
    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text)).Within($"the sending of {text.Length} octets");

    /// <summary>Reads a reply; its lines are parted by LF.</summary>
    public async Task<string> ReplyAsync()
    {
        List<string> lines = [];
        do
        {
            lines.Add(await LineAsync() ?? throw new EndOfStreamException($"The connection ended, after {string.Join('\n', lines)}."));
        }
        while (lines[^1].Length > 3 && lines[^1][3] == '-');
        return string.Join('\n', lines);
    }

    /// <summary>Sends lines and reads the reply to the last of them; each of the others must be answered with 2yz or 354.</summary>
    public async Task<string> AskAsync(params string[] lines)
    {
        string reply = "";
        foreach (string line in lines)
        {
            if (reply.Length > 0) Assert.True(reply[0] is '2' or '3', $"{reply} before {line}");
            await SendAsync(line + "\r\n");
            reply = await ReplyAsync();
        }
        return reply;
    }

    /// <summary>Reads the greeting and says EHLO and more.</summary>
    public async Task<TestClient> BeginAsync(params string[] lines)
    {
        Assert.StartsWith("220 ", await ReplyAsync(), StringComparison.Ordinal);
        await AskAsync(["EHLO client.example", .. lines]);
        return this;
    }

    /// <summary>Reads the greeting and opens a transaction with a recipient.</summary>
    public Task<TestClient> BeginMailAsync(params string[] lines) =>
        BeginAsync(["MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", .. lines]);

    public async Task ExpectAsync(string reply) => Assert.StartsWith(reply, await ReplyAsync(), StringComparison.Ordinal);

    /// <summary>Sends a line, whose reply must begin so.</summary>
    public async Task ExpectReplyAsync(string line, string reply)
    {
        await SendAsync(line + "\r\n");
        await ExpectAsync(reply);
    }

    /// <summary>Nothing more comes: the server has closed.</summary>
    public async Task ExpectEndAsync()
    {
        string? line = await LineAsync();
        Assert.True(line is null, $"More came: {line}");
    }

    /// <summary>All that comes until the server closes or the connection breaks.</summary>
    public async Task<byte[]> RestAsync()
    {
        List<byte> octets = [];
        try
        {
            while (await FillAsync())
            {
                octets.AddRange(_buffer.AsSpan(_start, _end - _start));
                _start = _end;
            }
        }
        catch (IOException)
        {
            // Reset: a close all the same.
        }
        return [.. octets];
    }

    /// <param name="name">The name that is asked for.</param>
    /// <param name="protocols">The versions of TLS.</param>
    /// <param name="certificate">What the client shows.</param>
    /// <param name="before">Octets in clear that go out in one piece with the first of TLS.</param>
    public async Task UpgradeAsync(
        string? name = null, SslProtocols protocols = SslProtocols.None, string before = "", X509Certificate2? certificate = null)
    {
        SslStream tls = new(before.Length == 0 ? _stream : new JoinedStream(Encoding.Latin1.GetBytes(before), _stream));
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = name,
            EnabledSslProtocols = protocols,
            ClientCertificates = certificate is null ? null : [certificate],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        };
        await tls.AuthenticateAsClientAsync(options).Within("the client's handshake");
        _stream = tls;
    }

    /// <summary>The connection breaks.</summary>
    public void Lose() => _wire.Dispose();

    private async Task<string?> LineAsync()
    {
        StringBuilder line = new();
        while (true)
        {
            int end = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            line.Append(Encoding.Latin1.GetString(_buffer, _start, (end < 0 ? _end : end) - _start));
            _start = end < 0 ? _end : end + 1;
            if (end >= 0) return line.ToString().TrimEnd('\r');
            if (!await FillAsync()) return line.Length == 0 ? null : line.ToString();
        }
    }

    private async Task<bool> FillAsync()
    {
        if (_start < _end) return true;
        _start = 0;
        _end = await _stream.ReadAsync(_buffer).Within("octets of the server");
        return _end > 0;
    }
}
