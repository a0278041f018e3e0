using System;
using System.Collections.Generic;

namespace Ehlo.App.Check;

/// <summary>What can be wrong with the form of a reply.</summary>
[Flags]
internal enum ReplyFault : ushort
{
    None = 0,
    BareLineEnd = 1,
    TooLong = 2,
    ControlCharacter = 4,
    BadCode = 8,
    BadSeparator = 16,
    MixedCodes = 32,
    NoEnhancedCode = 64,
    EnhancedClass = 128,
    NotAscii = 256,
}

/// <summary>A reply, read octet by octet, with all that is wrong with its form.</summary>
internal sealed record WireReply(string Code, IReadOnlyList<string> Lines, ReplyFault Faults)
{
    // RFC 5321 section 4.5.3.1.5: with its CRLF.
    private const int MaxLineOctets = 512;

    /// <summary>Judges lines that still have their line ends.</summary>
    public static WireReply From(IReadOnlyList<string> lines)
    {
        ReplyFault faults = ReplyFault.None;
        List<string> texts = [];
        string code = Code3(lines[0]);
        foreach (string line in lines)
        {
            if (!line.EndsWith("\r\n", StringComparison.Ordinal)) faults |= ReplyFault.BareLineEnd;
            if (line.Length > MaxLineOctets) faults |= ReplyFault.TooLong;
            string text = line.TrimEnd('\r', '\n');
            foreach (char c in text)
            {
                if (c > '\x7f') faults |= ReplyFault.NotAscii;
                if (c == '\x7f' || (c < ' ' && c != '\t')) faults |= ReplyFault.ControlCharacter;
            }
            if (!IsCode(Code3(text))) faults |= ReplyFault.BadCode;
            if (Code3(text) != code) faults |= ReplyFault.MixedCodes;
            if (text.Length > 3 && text[3] is not (' ' or '-')) faults |= ReplyFault.BadSeparator;
            faults |= OfEnhancedCode(text);
            texts.Add(text);
        }
        return new WireReply(code, texts, faults);
    }

    private static string Code3(string line) => line.Length >= 3 ? line[..3] : line.TrimEnd('\r', '\n');

    private static bool IsCode(string code) =>
        code.Length == 3 && code[0] is >= '2' and <= '5' && code[1] is >= '0' and <= '5' && char.IsAsciiDigit(code[2]);

    // RFC 2034 section 4: 2xx, 4xx and 5xx have one, of the same class.
    private static ReplyFault OfEnhancedCode(string text)
    {
        string word = text.Length > 4 ? text[4..].Split(' ')[0] : "";
        string[] parts = word.Split('.');
        bool isOne = parts.Length == 3 && Array.TrueForAll(parts, part => part.Length is > 0 and <= 3 && int.TryParse(part, out _));
        if (!isOne) return text.StartsWith('3') ? ReplyFault.None : ReplyFault.NoEnhancedCode;
        return parts[0][0] == text[0] ? ReplyFault.None : ReplyFault.EnhancedClass;
    }
}
