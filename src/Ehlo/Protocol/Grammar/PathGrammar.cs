using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The paths of MAIL and RCPT (RFC 5321 section 4.1.2). A path that is refused leaves the input as it was.</summary>
internal static class PathGrammar
{
    // RFC 5321 section 4.5.3.1.3: punctuation and a source route included.
    private const int MaxOctets = 256;

    /// <summary>Reads the path at the start of <paramref name="input"/>, which SP or the end must follow, and advances past it.</summary>
    // Reverse-path   = Path / "<>"
    internal static bool TryReadReversePath(ref ReadOnlySpan<byte> input, bool allowUtf8, [NotNullWhen(true)] out ReversePath? path)
    {
        path = null;
        ReadOnlySpan<byte> rest = SkipBlanks(input);
        if (rest.StartsWith("<>"u8))
        {
            rest = rest[2..];
            path = IsEndOfPath(rest) ? ReversePath.Null : null;
        }
        else if (TryReadPath(ref rest, allowUtf8, out Mailbox? mailbox))
        {
            path = new ReversePath(mailbox);
        }

        input = path is null ? input : rest;
        return path is not null;
    }

    /// <summary>Reads the path at the start of <paramref name="input"/>, which SP or the end must follow, and advances past it.</summary>
    // ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path )     RFC 5321 section 4.1.1.3
    // Forward-path   = Path
    internal static bool TryReadForwardPath(ref ReadOnlySpan<byte> input, bool allowUtf8, [NotNullWhen(true)] out ForwardPath? path)
    {
        path = null;
        ReadOnlySpan<byte> rest = SkipBlanks(input);
        if (StartsWithPostmaster(rest))
        {
            rest = rest["<Postmaster>".Length..];
            path = IsEndOfPath(rest) ? ForwardPath.Postmaster : null;
        }
        else if (TryReadPath(ref rest, allowUtf8, out Mailbox? mailbox))
        {
            path = new ForwardPath(mailbox);
        }

        input = path is null ? input : rest;
        return path is not null;
    }

    // Path           = "<" [ A-d-l ":" ] Mailbox ">"
    private static bool TryReadPath(ref ReadOnlySpan<byte> input, bool allowUtf8, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (!input.StartsWith("<"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = input[1..];
        if (rest.StartsWith("@"u8) && !TrySkipSourceRoute(ref rest, allowUtf8))
        {
            return false;
        }

        int length = Mailbox.Measure(rest);
        if (length < 0 || !Mailbox.TryParse(rest[..length], allowUtf8, out Mailbox? read))
        {
            return false;
        }

        rest = rest[(length + 1)..];
        if (input.Length - rest.Length > MaxOctets || !IsEndOfPath(rest))
        {
            return false;
        }

        input = rest;
        mailbox = read;
        return true;
    }

    // A-d-l          = At-domain *( "," At-domain )
    // At-domain      = "@" Domain
    // RFC 5321 section 4.1.1.3 and appendix C: source routes must be accepted and should be ignored.
    private static bool TrySkipSourceRoute(ref ReadOnlySpan<byte> input, bool allowUtf8)
    {
        ReadOnlySpan<byte> rest = input;
        while (rest.StartsWith("@"u8))
        {
            int end = rest.IndexOfAny((byte)',', (byte)':');
            if (end < 0 || !Domain.IsDomain(rest[1..end], allowUtf8))
            {
                return false;
            }

            bool isLast = rest[end] is (byte)':';
            rest = rest[(end + 1)..];
            if (isLast)
            {
                input = rest;
                return true;
            }
        }

        return false;
    }

    private static bool StartsWithPostmaster(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> postmaster = "<Postmaster>"u8;
        return text.Length >= postmaster.Length && Ascii.EqualsIgnoreCase(text[..postmaster.Length], postmaster);
    }

    // What follows a path is a parameter or nothing: in <a@b>SIZE=1 neither the path nor the parameter is what it seems.
    private static bool IsEndOfPath(ReadOnlySpan<byte> rest) => rest.IsEmpty || rest[0] is (byte)' ';

    // Deviates: RFC 5321 section 3.3 forbids a blank after the colon, but clients written by hand send "MAIL FROM: <a@b>".
    private static ReadOnlySpan<byte> SkipBlanks(ReadOnlySpan<byte> input) => input.TrimStart(" \t"u8);
}
