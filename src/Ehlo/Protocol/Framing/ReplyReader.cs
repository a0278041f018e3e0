using System;
using System.Buffers;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>Reads replies as a client gets them (RFC 5321 section 4.2). A line ends with CRLF and nothing else.</summary>
/// <remarks>
/// The states are two: before the first line of a reply, and after one that another follows. A malformed reply ends the connection:
/// nobody can say to which command what follows it belongs.
/// </remarks>
internal struct ReplyReader
{
    // Reply-line     = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
    // Reply-code     = %x32-35 %x30-35 %x30-39

    // RFC 5321 section 4.5.3.1.5 has 512, which servers in use exceed; a challenge may have 12,288 (RFC 4954 section 4).
    public const int MaxLineOctets = 4 + 12288 + 2;

    // All lines of one reply. The longest in use are lists of extensions and help, of a few thousand octets.
    private const int MaxOctets = 65536;

    // A digit, a dot, and twice up to three digits with a dot between (RFC 3463 section 2).
    private const int MaxStatusOctets = 9;

    private KnownReplies? _known;
    private StringBuilder? _lines;
    private int _octets;
    private int _code;

    /// <summary>What is wrong with a reply that is malformed, for an error message.</summary>
    public string? Fault { readonly get; private set; }

    /// <summary>Reads one reply.</summary>
    /// <param name="input">What was read and not yet consumed.</param>
    /// <param name="consumed">What is to be consumed, in any case.</param>
    /// <param name="reply">The reply, where the result is <see cref="ReplyStatus.Complete"/>.</param>
    public ReplyStatus Read(ReadOnlySpan<byte> input, out int consumed, out Reply reply)
    {
        consumed = 0;
        reply = default;
        while (true)
        {
            ReadOnlySpan<byte> rest = input[consumed..];
            int end = rest.IndexOf((byte)'\n');
            if (end < 0) return rest.Length < MaxLineOctets ? ReplyStatus.NeedInput : Refuse("A reply line is too long");
            if (end >= MaxLineOctets) return Refuse("A reply line is too long");
            if (end == 0 || rest[end - 1] != '\r') return Refuse("A reply line does not end with CRLF");
            ReadOnlySpan<byte> line = rest[..(end - 1)];
            consumed += end + 1;
            _octets += end + 1;
            if (_octets > MaxOctets) return Refuse("A reply is too long");
            if (!TryReadCode(line, out int code)) return Refuse("A reply line does not begin with a code");
            if (_lines is not null && code != _code) return Refuse("The lines of a reply have different codes");
            bool isLast = line.Length == 3 || line[3] == ' ';
            ReadOnlySpan<byte> text = line.Length <= 4 ? [] : line[4..];
            if (isLast)
            {
                bool isPlain = _lines is null && !text.ContainsAnyExceptInRange((byte)' ', (byte)'~');
                reply = isPlain ? MakePlain(code, line, text) : Make(code, _lines is null ? ToText(text) : Add(text).ToString());
                (_lines, _octets, _code) = (null, 0, 0);
                return ReplyStatus.Complete;
            }
            _code = code;
            Add(text);
        }
    }

    private StringBuilder Add(ReadOnlySpan<byte> text)
    {
        if (_lines is not null) _lines.Append('\n');
        return (_lines ??= new()).Append(ToText(text));
    }

    private ReplyStatus Refuse(string fault)
    {
        Fault = fault;
        return ReplyStatus.Malformed;
    }

    private static bool TryReadCode(ReadOnlySpan<byte> line, out int code)
    {
        code = 0;
        if (line.Length < 3 || line[0] is < (byte)'2' or > (byte)'5') return false;
        if (line[1] is < (byte)'0' or > (byte)'9' || line[2] is < (byte)'0' or > (byte)'9') return false;
        code = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0');
        return line.Length == 3 || line[3] is (byte)' ' or (byte)'-';
    }

    // textstring     = 1*(%d09 / %d32-126), and UTF-8 where SMTPUTF8 is in use (RFC 6531 section 3.7.4). What is none of it, a terminal's
    // controls above all, must not reach a log.
    private static string ToText(ReadOnlySpan<byte> octets)
    {
        string text = Encoding.UTF8.GetString(octets);
        return octets.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? string.Create(text.Length, text, static (span, from) =>
            {
                for (int i = 0; i < span.Length; i++) span[i] = char.IsControl(from[i]) ? (from[i] == '\t' ? ' ' : '?') : from[i];
            })
            : text;
    }

    // What nearly every reply is, one line of printable ASCII.
    private Reply MakePlain(int code, ReadOnlySpan<byte> line, ReadOnlySpan<byte> text)
    {
        _known ??= new();
        if (_known.TryFind(line, out Reply reply)) return reply;
        reply = MakePlain(code, text);
        _known.Add(line, reply);
        return reply;
    }

    // With no string made but its text.
    private static Reply MakePlain(int code, ReadOnlySpan<byte> text)
    {
        int length = text.IndexOf((byte)' ');
        if (length < 0) length = text.Length;
        Span<char> word = stackalloc char[MaxStatusOctets];
        if (length > MaxStatusOctets || Ascii.ToUtf16(text[..length], word, out _) is not OperationStatus.Done
            || !TryReadStatus(code / 100, word[..length], out EnhancedStatusCode status, out _))
        {
            return new(code, Encoding.UTF8.GetString(text));
        }
        return new(code, status, Encoding.UTF8.GetString(text[length..].TrimStart((byte)' ')));
    }

    // The status code stands before the text of each line (RFC 2034 section 4) and is no part of it.
    private static Reply Make(int code, string text)
    {
        if (code is >= 300 and < 400 || !TryReadStatus(code / 100, text, out EnhancedStatusCode status, out int length))
            return new(code, text);
        string prefix = text[..length];
        string[] lines = text[length..].Split('\n');
        lines[0] = lines[0].TrimStart(' ');
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i] == prefix) lines[i] = "";
            else if (lines[i].StartsWith(prefix + " ", StringComparison.Ordinal)) lines[i] = lines[i][(length + 1)..];
        }
        return new(code, status, string.Join('\n', lines));
    }

    // status-code = class "." subject "." detail     RFC 3463 section 2
    private static bool TryReadStatus(int @class, ReadOnlySpan<char> text, out EnhancedStatusCode status, out int length)
    {
        status = default;
        length = text.IndexOfAny(' ', '\n');
        if (length < 0) length = text.Length;
        Span<Range> parts = stackalloc Range[4];
        ReadOnlySpan<char> word = text[..length];
        if (length > MaxStatusOctets || @class == 3 || word.Split(parts, '.') != 3) return false;
        if (word[parts[0]].Length != 1 || word[0] - '0' != @class) return false;
        if (!TryReadNumber(word[parts[1]], out int subject) || !TryReadNumber(word[parts[2]], out int detail)) return false;
        status = new(@class, subject, detail);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        if (digits.Length is 0 or > 3) return false;
        foreach (char digit in digits)
        {
            if (!char.IsAsciiDigit(digit)) return false;
            number = (number * 10) + (digit - '0');
        }
        return true;
    }
}
