using System;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>A command line, without its CRLF, into its verb and its argument (RFC 5321 section 2.4).</summary>
internal static class CommandGrammar
{
    /// <summary>Reads the verb. The argument is what follows, without the blanks before and after it.</summary>
    // RFC 5321 section 4.1.1: blanks at the end of the line should be tolerated.
    internal static Verb Parse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> argument)
    {
        line = line.TrimEnd(" \t"u8);
        int end = line.IndexOf((byte)' ');
        argument = end < 0 ? default : line[end..].TrimStart((byte)' ');
        return ReadVerb(Word(line));
    }

    /// <summary>The first word of a line.</summary>
    internal static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd(" \t"u8);
        int end = line.IndexOf((byte)' ');
        return end < 0 ? line : line[..end];
    }

    /// <summary>Skips <c>FROM:</c> or <c>TO:</c> at the start of an argument, in any case.</summary>
    /// <returns>False, with the argument as it was, if it begins otherwise.</returns>
    // mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF
    // rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters] CRLF
    internal static bool TrySkipPrefix(ref ReadOnlySpan<byte> argument, ReadOnlySpan<byte> prefix)
    {
        if (argument.Length < prefix.Length || !Ascii.EqualsIgnoreCase(argument[..prefix.Length], prefix))
        {
            return false;
        }

        argument = argument[prefix.Length..];
        return true;
    }

    // RFC 5321 section 2.4: in any case. Only ASCII letters have a case here: U+017F is not "S", nor U+212A "K".
    private static Verb ReadVerb(ReadOnlySpan<byte> word) => word.Length switch
    {
        4 => ReadVerbOfFour(word),
        7 when Ascii.EqualsIgnoreCase(word, "XCLIENT"u8) => Verb.XClient,
        8 when Ascii.EqualsIgnoreCase(word, "XFORWARD"u8) => Verb.XForward,
        8 when Ascii.EqualsIgnoreCase(word, "STARTTLS"u8) => Verb.StartTls,
        _ => Verb.Unknown,
    };

    // Setting bit 20 makes a small letter of a large one, and of nothing else.
    private static Verb ReadVerbOfFour(ReadOnlySpan<byte> word) => (word[0] | 0x20, word[1] | 0x20, word[2] | 0x20, word[3] | 0x20) switch
    {
        ('m', 'a', 'i', 'l') => Verb.Mail,
        ('r', 'c', 'p', 't') => Verb.Rcpt,
        ('d', 'a', 't', 'a') => Verb.Data,
        ('b', 'd', 'a', 't') => Verb.Bdat,
        ('e', 'h', 'l', 'o') => Verb.Ehlo,
        ('h', 'e', 'l', 'o') => Verb.Helo,
        ('l', 'h', 'l', 'o') => Verb.Lhlo,
        ('r', 's', 'e', 't') => Verb.Rset,
        ('n', 'o', 'o', 'p') => Verb.Noop,
        ('q', 'u', 'i', 't') => Verb.Quit,
        ('v', 'r', 'f', 'y') => Verb.Vrfy,
        ('e', 'x', 'p', 'n') => Verb.Expn,
        ('h', 'e', 'l', 'p') => Verb.Help,
        ('a', 'u', 't', 'h') => Verb.Auth,
        _ => Verb.Unknown,
    };
}
