using System;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The parts of a command line (RFC 5321 section 4.1.1).</summary>
internal static class CommandGrammar
{
    // command = verb *( SP argument ) *WSP; the verb in any case (RFC 5321 section 2.4)
    public static void Split(ReadOnlySpan<byte> line, out Verb verb, out ReadOnlySpan<byte> argument)
    {
        line = line.TrimEnd(" \t"u8);
        int blank = line.IndexOf((byte)' ');
        verb = VerbOf(blank < 0 ? line : line[..blank]);
        argument = blank < 0 ? default : line[(blank + 1)..].TrimStart((byte)' ');
    }

    /// <summary>Skips <c>FROM:</c> or <c>TO:</c>, in any case.</summary>
    public static bool TrySkipPrefix(ref ReadOnlySpan<byte> argument, ReadOnlySpan<byte> prefix)
    {
        if (argument.Length < prefix.Length || !Ascii.EqualsIgnoreCase(argument[..prefix.Length], prefix)) return false;
        argument = argument[prefix.Length..];
        return true;
    }

    private static Verb VerbOf(ReadOnlySpan<byte> text)
    {
        if (text.Length is not (4 or 8)) return Verb.Unknown;
        Span<byte> upper = stackalloc byte[8];
        if (Ascii.ToUpper(text, upper, out int length) is not System.Buffers.OperationStatus.Done) return Verb.Unknown;
        upper = upper[..length];
        if (upper.SequenceEqual("MAIL"u8)) return Verb.Mail;
        if (upper.SequenceEqual("RCPT"u8)) return Verb.Rcpt;
        if (upper.SequenceEqual("DATA"u8)) return Verb.Data;
        if (upper.SequenceEqual("BDAT"u8)) return Verb.Bdat;
        if (upper.SequenceEqual("EHLO"u8)) return Verb.Ehlo;
        if (upper.SequenceEqual("RSET"u8)) return Verb.Rset;
        if (upper.SequenceEqual("QUIT"u8)) return Verb.Quit;
        if (upper.SequenceEqual("NOOP"u8)) return Verb.Noop;
        if (upper.SequenceEqual("HELO"u8)) return Verb.Helo;
        if (upper.SequenceEqual("LHLO"u8)) return Verb.Lhlo;
        if (upper.SequenceEqual("AUTH"u8)) return Verb.Auth;
        if (upper.SequenceEqual("STARTTLS"u8)) return Verb.StartTls;
        if (upper.SequenceEqual("VRFY"u8)) return Verb.Vrfy;
        if (upper.SequenceEqual("EXPN"u8)) return Verb.Expn;
        return upper.SequenceEqual("HELP"u8) ? Verb.Help : Verb.Unknown;
    }
}
