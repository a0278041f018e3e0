using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Check;

/// <summary>One connection to the server under check. It shares no code with the server here, so that it judges by itself.</summary>
internal sealed class WireProbe(Stream stream, TimeSpan timeout) : IAsyncDisposable
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
        using CancellationTokenSource patience = new(timeout);
        await _stream.WriteAsync(octets, patience.Token);
        await _stream.FlushAsync(patience.Token);
    }

    /// <summary>Null where the server closed the connection instead.</summary>
    /// <exception cref="InvalidDataException">No reply: a line or a reply without an end.</exception>
    /// <exception cref="OperationCanceledException">Nothing came in time.</exception>
    public async Task<WireReply?> ReadReplyAsync()
    {
        using CancellationTokenSource patience = new(timeout);
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

    public async Task StartTlsAsync(string host, bool insecure)
    {
        using CancellationTokenSource patience = new(timeout);
        // The certificate is the user's to trust: --insecure says so.
#pragma warning disable CA5359
        SslStream tls = new(_stream, leaveInnerStreamOpen: false, insecure ? (_, _, _, _) => true : null);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, patience.Token);
        Transcript.Add($"(TLS: {tls.SslProtocol})");
        _stream = tls;
        _start = _end = 0;
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
                _end = await _stream.ReadAsync(_buffer, cancellationToken);
                if (_end == 0) return null;
            }
            char octet = (char)_buffer[_start++];
            line.Append(octet);
            if (octet == '\n') return line.ToString();
            if (line.Length >= MaxLineOctets) throw new InvalidDataException($"a line of more than {MaxLineOctets} octets");
        }
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
