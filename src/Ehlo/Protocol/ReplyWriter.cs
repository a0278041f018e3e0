using System;
using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Ehlo.Protocol;

/// <summary>Writes replies as they go on the wire. RFC 5321 section 4.2.</summary>
internal static class ReplyWriter
{
    // RFC 5321 section 4.5.3.1.5: a reply line has at most 512 octets with its code and CRLF.
    private const int MaxLineOctets = 512;

    // A text of more lines than this is a fault of whoever made it; the rest is dropped, lest one reply fill the memory.
    private const int MaxLines = 200;

    /// <summary>Writes the reply; an enhanced status code goes on each line (RFC 2034 section 4).</summary>
    public static void Write(Reply reply, EnhancedStatusCode status, IBufferWriter<byte> output, ISessionTrace? trace)
    {
        ReadOnlySpan<char> text = reply.Text;
        int maxText = MaxLineOctets - "250-".Length - "5.999.999 ".Length - "\r\n".Length;
        for (int line = 1; ; line++)
        {
            ReadOnlySpan<char> part = TakeLine(ref text, maxText, out bool isLast);
            isLast |= line == MaxLines;
            WriteLine(reply.Code, status, part, isLast, output, trace);
            if (isLast) return;
        }
    }

    /// <summary>
    /// Writes a challenge of AUTH on one line, however long: it may have 12,288 octets (RFC 4954 section 4), and a client joins no lines.
    /// </summary>
    public static void WriteChallenge(ReadOnlySpan<byte> challenge, IBufferWriter<byte> output, ISessionTrace? trace)
    {
        int length = "334 ".Length + Base64.GetMaxEncodedToUtf8Length(challenge.Length);
        Span<byte> line = output.GetSpan(length + "\r\n".Length);
        "334 "u8.CopyTo(line);
        Base64.EncodeToUtf8(challenge, line[4..], out _, out _);
        trace?.Sent(line[..length]);
        "\r\n"u8.CopyTo(line[length..]);
        output.Advance(length + "\r\n".Length);
    }

    private static void WriteLine(
        int code, EnhancedStatusCode status, ReadOnlySpan<char> text, bool isLast, IBufferWriter<byte> output, ISessionTrace? trace)
    {
        Span<byte> line = output.GetSpan(MaxLineOctets);
        int length = WriteNumber(code, line);
        line[length++] = isLast ? (byte)' ' : (byte)'-';
        if (status.Class != 0)
        {
            length += WriteNumber(status.Class, line[length..]);
            line[length++] = (byte)'.';
            length += WriteNumber(status.Subject, line[length..]);
            line[length++] = (byte)'.';
            length += WriteNumber(status.Detail, line[length..]);
            line[length++] = (byte)' ';
        }
        foreach (char c in text) line[length++] = c is >= ' ' and <= '~' ? (byte)c : (byte)'?';
        trace?.Sent(line[..length]);
        line[length++] = (byte)'\r';
        line[length++] = (byte)'\n';
        output.Advance(length);
    }

    // Not to be compiled into each place of a line: for that alone the compiler held a megabyte more than for anything else.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WriteNumber(int number, Span<byte> line)
    {
        Utf8Formatter.TryFormat(number, line, out int length);
        return length;
    }

    // The next line of a text: up to a line break, or to a blank before the limit, or to the limit.
    private static ReadOnlySpan<char> TakeLine(ref ReadOnlySpan<char> text, int maxText, out bool isLast)
    {
        int end = text.IndexOfAny('\r', '\n');
        ReadOnlySpan<char> line = end < 0 ? text : text[..end];
        if (line.Length > maxText)
        {
            int blank = line[..maxText].LastIndexOf(' ');
            int length = blank > 0 ? blank : maxText;
            line = text[..length];
            text = text[(blank > 0 ? length + 1 : length)..];
            isLast = false;
            return line;
        }
        int next = end < 0 ? text.Length : text[end..].StartsWith("\r\n") ? end + 2 : end + 1;
        text = text[next..];
        isLast = text.IsEmpty;
        return line;
    }
}
