using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Check;

/// <summary>One connection to the server under check. It shares no code with the server here, so that it judges by itself.</summary>
internal sealed class WireProbe(Stream stream, TimeSpan wait, CancellationToken stop) : IAsyncDisposable
{
    // More than any server sends; the rest of a line or reply past it is a fault of its own and ends the check.
    private const int MaxLineOctets = 4096;
    private const int MaxLines = 128;
    private const int MaxQuotedOctets = 160;

    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream = stream;
    private int _start;
    private int _end;

    /// <summary>What was sent and answered, for the finding.</summary>
    public List<string> Transcript { get; } = [];

    /// <summary>Sends a command, or whatever a check wants.</summary>
    /// <param name="octets">With their line end.</param>
    /// <param name="shown">What the transcript shows instead, where they hold a secret.</param>
    public async Task SendAsync(byte[] octets, string? shown = null)
    {
        Transcript.Add("C: " + (shown ?? Quote(octets)));
        using CancellationTokenSource patience = Patience();
        try
        {
            await _stream.WriteAsync(octets, patience.Token);
            await _stream.FlushAsync(patience.Token);
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            // Closed by the other side, which the next read finds out, after what was still said.
        }
    }

    /// <summary>Null where the server closed the connection instead.</summary>
    /// <exception cref="InvalidDataException">No reply: a line or a reply without an end.</exception>
    /// <exception cref="OperationCanceledException">Nothing came in time.</exception>
    public async Task<WireReply?> ReadReplyAsync()
    {
        using CancellationTokenSource patience = Patience();
        List<string> lines = [];
        do
        {
            string? line = await ReadLineAsync(patience.Token);
            if (line is null)
            {
                Transcript.Add("S: (closed)");
                return null;
            }
            Transcript.Add("S: " + Quote(Encoding.Latin1.GetBytes(line)));
            lines.Add(line);
            if (lines.Count > MaxLines) throw new InvalidDataException($"a reply of more than {MaxLines} lines");
        }
        while (lines[^1].Length > 3 && lines[^1][3] == '-');
        return WireReply.From(lines);
    }

    /// <summary>The handshake; what was read before it and not looked at is dropped.</summary>
    /// <exception cref="AuthenticationException">It failed.</exception>
    /// <exception cref="IOException">It failed.</exception>
    public async Task<SslProtocols> StartTlsAsync(Func<Stream, CancellationToken, Task<(Stream Stream, SslProtocols Version)>> secure)
    {
        using CancellationTokenSource patience = Patience();
        (_stream, SslProtocols version) = await secure(_stream, patience.Token);
        Transcript.Add($"(TLS: {version})");
        _start = _end = 0;
        return version;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        StringBuilder line = new();
        while (true)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = await FillAsync(cancellationToken);
                if (_end == 0) return null;
            }
            char octet = (char)_buffer[_start++];
            line.Append(octet);
            if (octet == '\n') return line.ToString();
            if (line.Length >= MaxLineOctets) throw new InvalidDataException($"a line of more than {MaxLineOctets} octets");
        }
    }

    // A connection that is reset is closed as well: so it ends where the server closes with something of ours unread.
    private async Task<int> FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _stream.ReadAsync(_buffer, cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            return 0;
        }
    }

    private CancellationTokenSource Patience()
    {
        CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(wait);
        return patience;
    }

    private static string Quote(byte[] octets)
    {
        StringBuilder text = new();
        foreach (byte octet in octets.AsSpan(0, Math.Min(octets.Length, MaxQuotedOctets)))
        {
            text.Append(octet switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                < 0x20 or > 0x7e => $"\\x{octet:x2}",
                _ => ((char)octet).ToString(),
            });
        }
        return octets.Length > MaxQuotedOctets ? $"{text}... ({octets.Length} octets)" : text.ToString();
    }
}
