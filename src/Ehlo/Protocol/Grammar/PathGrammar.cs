using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The paths of MAIL and RCPT.</summary>
internal static class PathGrammar
{
    // RFC 5321 section 4.5.3.1.3, with the brackets.
    private const int MaxPathOctets = 256;

    // Reverse-path = Path / "<>"
    /// <summary>Reads the path at the start of the input and advances past it; behind it stands a blank or nothing.</summary>
    public static bool TryReadReversePath(ref ReadOnlySpan<byte> input, bool allowUtf8, [NotNullWhen(true)] out ReversePath? path)
    {
        path = null;
        if (!TryTakeBracketed(ref input, out ReadOnlySpan<byte> inner)) return false;
        if (inner.IsEmpty) path = ReversePath.Null;
        else if (TryReadMailbox(inner, allowUtf8, out Mailbox? mailbox)) path = new(mailbox);
        return path is not null;
    }

    // Forward-path = Path / "<Postmaster>"
    /// <summary>Reads the path at the start of the input and advances past it; behind it stands a blank or nothing.</summary>
    public static bool TryReadForwardPath(ref ReadOnlySpan<byte> input, bool allowUtf8, [NotNullWhen(true)] out ForwardPath? path)
    {
        path = null;
        if (!TryTakeBracketed(ref input, out ReadOnlySpan<byte> inner)) return false;
        if (Ascii.EqualsIgnoreCase(inner, "postmaster"u8)) path = ForwardPath.Postmaster;
        else if (TryReadMailbox(inner, allowUtf8, out Mailbox? mailbox)) path = new(mailbox);
        return path is not null;
    }

    // Path = "<" [ A-d-l ":" ] Mailbox ">"; the end is the first ">" outside of quotes and address literals
    private static bool TryTakeBracketed(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> inner)
    {
        inner = default;
        // Deviates: a blank before the path is against RFC 5321 section 3.3, and yet many a hand-written client sends "MAIL FROM: <a@b>".
        ReadOnlySpan<byte> rest = input.TrimStart((byte)' ');
        if (rest.IsEmpty || rest[0] != '<') return false;
        char awaited = '>';
        for (int i = 1; i < rest.Length && i < MaxPathOctets; i++)
        {
            if (awaited == '"' && rest[i] == '\\')
            {
                i++;
            }
            else if (awaited != '>')
            {
                if (rest[i] == awaited) awaited = '>';
            }
            else if (rest[i] == '>')
            {
                inner = rest[1..i];
                input = rest[(i + 1)..];
                return input.IsEmpty || input[0] == ' ';
            }
            else if (rest[i] is (byte)'"' or (byte)'[')
            {
                awaited = rest[i] == '"' ? '"' : ']';
            }
        }
        return false;
    }

    // A-d-l = At-domain *( "," At-domain ); At-domain = "@" Domain. A source route is read and dropped (RFC 5321 appendix C).
    private static bool TryReadMailbox(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        while (!text.IsEmpty && text[0] == '@')
        {
            int end = text.IndexOfAny((byte)',', (byte)':');
            if (end < 0 || !Domain.TryParse(text[1..end], allowUtf8, out _)) return false;
            bool isLast = text[end] == ':';
            text = text[(end + 1)..];
            if (text.IsEmpty || (text[0] == '@') == isLast) return false;
        }
        return Mailbox.TryParse(text, allowUtf8, out mailbox);
    }
}
