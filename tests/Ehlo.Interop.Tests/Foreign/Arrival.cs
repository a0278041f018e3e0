using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Xunit;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>A message that a foreign server delivered, as a file: the fields that it put before the content, and the content.</summary>
internal sealed class Arrival
{
    // RFC 5321 section 4.4 has the first two; the others are what the servers say of the envelope.
    private static readonly string[] TraceFields =
    [
        "Return-Path", "Received", "Delivered-To", "X-Original-To", "Envelope-To", "Delivery-Date",
        "X-Client-Addr", "X-Client-Proto", "X-Helo-Args", "X-Mail-Args", "X-Rcpt-Args",
    ];

    private readonly byte[] _file;
    private readonly int _contentAt;

    public Arrival(byte[] file, int contentAt)
    {
        (_file, _contentAt) = (file, contentAt);
        Trace = Encoding.UTF8.GetString(file.AsSpan(0, contentAt)).ReplaceLineEndings("\n");
    }

    /// <summary>The server's own fields, whose lines end with LF.</summary>
    public string Trace { get; }

    /// <summary>The bodies of a field of the trace, in their order.</summary>
    public IEnumerable<string> Field(string name) => Trace.Split('\n')
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim());

    /// <summary>Octet for octet, where a file of lines that end with LF alone is a message of lines that end with CRLF.</summary>
    public void Verify(ForeignServer server, byte[] sent)
    {
        foreach (string line in Trace.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] is not (' ' or '\t')))
        {
            Assert.Contains(line.Split(':')[0], TraceFields, StringComparer.OrdinalIgnoreCase);
        }
        // DATA cannot carry a last line without its end.
        string end = sent.AsSpan().EndsWith("\r\n"u8) ? "" : "\r\n";
        byte[] expected = [.. sent, .. Encoding.UTF8.GetBytes(end + server.Suffix)];
        byte[] arrived = Content();
        int same = expected.AsSpan().CommonPrefixLength(arrived);
        if (same == expected.Length && same == arrived.Length) return;
        string Excerpt(byte[] octets) => Convert.ToHexString(octets.AsSpan(Math.Max(0, same - 8)..Math.Min(octets.Length, same + 24)));
        Assert.Fail($"{server.Name}: {expected.Length} octets were sent and {arrived.Length} arrived; they differ from octet {same} on:\n" +
            $"sent    …{Excerpt(expected)}…\narrived …{Excerpt(arrived)}…");
    }

    private byte[] Content()
    {
        ReadOnlySpan<byte> rest = _file.AsSpan(_contentAt);
        if (rest.IndexOf("\r\n"u8) >= 0) return rest.ToArray();
        byte[] lines = new byte[rest.Length + rest.Count((byte)'\n')];
        int length = 0;
        foreach (byte octet in rest)
        {
            if (octet == (byte)'\n') lines[length++] = (byte)'\r';
            lines[length++] = octet;
        }
        return lines;
    }
}
