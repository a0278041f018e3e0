using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ehlo;

/// <summary>
/// An address of mail: a local part, "@", and a domain or an address literal (RFC 5321 section 4.1.2; RFC 6531 section 3.3).
/// </summary>
/// <remarks>
/// Made only by parsing, so that no value holds CR, LF, NUL or another control character. Immutable, and valid on any thread. Two
/// mailboxes are equal if their local parts are (the case of letters counts) and their domains or literals are (it does not).
/// </remarks>
public sealed record Mailbox
{
    // RFC 5321 section 4.5.3.1.3: a path has at most 256 octets, and two of them are its brackets.
    internal const int MaxOctets = 254;

    private readonly string _text;
    private readonly int _localPartLength;

    private Mailbox(string text, int localPartLength)
    {
        _text = text;
        _localPartLength = localPartLength;
    }

    /// <summary>What stands before the "@".</summary>
    public LocalPart LocalPart => field ??= LocalPart.FromChecked(_text[.._localPartLength]);

    /// <summary>What stands after the "@", or null if that is an address literal.</summary>
    public Domain? Domain => field ??= HasLiteral ? null : Domain.FromChecked(_text[(_localPartLength + 1)..]);

    /// <summary>What stands after the "@", or null if that is a domain.</summary>
    public AddressLiteral? AddressLiteral => field ??= HasLiteral ? AddressLiteral.Parse(_text[(_localPartLength + 1)..]) : null;

    /// <summary>Whether it holds other characters than ASCII, so that it can be sent only with SMTPUTF8 (RFC 6531 section 3.2).</summary>
    public bool RequiresSmtpUtf8 => !Ascii.IsValid(_text);

    private bool HasLiteral => _text[_localPartLength + 1] == '[';

    /// <summary>Reads a mailbox from the octets of the wire. Never throws.</summary>
    /// <param name="text">The whole of the mailbox without angle brackets, and nothing else.</param>
    /// <param name="allowUtf8">Whether characters beyond ASCII are allowed, as well-formed UTF-8.</param>
    /// <param name="mailbox">The mailbox, or null if <paramref name="text"/> is none.</param>
    /// <returns>Whether <paramref name="text"/> is a mailbox of at most 254 octets.</returns>
    // Mailbox        = Local-part "@" ( Domain / address-literal )
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (text.Length > MaxOctets || LocalPart.Measure(text) is not (> 0 and int length)
            || !LocalPart.IsLocalPart(text[..length], allowUtf8))
        {
            return false;
        }

        ReadOnlySpan<byte> host = text[(length + 1)..];
        if (!Domain.IsDomain(host, allowUtf8) && !AddressLiteral.TryParse(host, out _))
        {
            return false;
        }

        mailbox = new Mailbox(WireText.ToText(text), Encoding.UTF8.GetCharCount(text[..length]));
        return true;
    }

    /// <summary>Reads a mailbox from a string; characters beyond ASCII are allowed. Never throws.</summary>
    /// <param name="text">The whole of the mailbox without angle brackets, and nothing else; null is no mailbox.</param>
    /// <param name="mailbox">The mailbox, or null if <paramref name="text"/> is none.</param>
    /// <returns>Whether <paramref name="text"/> is a mailbox of at most 254 octets.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        return WireText.TryGetOctets(text, stackalloc byte[MaxOctets], out ReadOnlySpan<byte> octets)
            && TryParse(octets, allowUtf8: true, out mailbox);
    }

    /// <summary>Reads a mailbox from a string; characters beyond ASCII are allowed.</summary>
    /// <param name="text">The whole of the mailbox without angle brackets, and nothing else.</param>
    /// <returns>The mailbox.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="text"/> is not a mailbox.</exception>
    public static Mailbox Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Mailbox? mailbox) ? mailbox : throw new FormatException(
            $"{WireText.Quote(text)} is not a mailbox: a local part of at most 64 octets, '@', and a domain or a literal such as "
            + "[192.0.2.1], at most 254 octets in all, without angle brackets.");
    }

    /// <summary>Whether the two are the same mailbox: only the case of letters in the domain is ignored.</summary>
    /// <param name="other">The other mailbox.</param>
    /// <returns>True if they are the same.</returns>
    public bool Equals(Mailbox? other) =>
        other is not null && LocalPart == other.LocalPart && Domain == other.Domain && AddressLiteral == other.AddressLiteral;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(LocalPart, Domain, AddressLiteral);

    /// <summary>The mailbox exactly as it was read: the local part with its quoting, "@", and the domain or literal.</summary>
    /// <returns>The text, without angle brackets.</returns>
    public override string ToString() => _text;

    /// <summary>
    /// The length of the mailbox at the start of <paramref name="text"/>, which ">" must follow, or -1. The mailbox may still be bad.
    /// </summary>
    internal static int Measure(ReadOnlySpan<byte> text)
    {
        if (LocalPart.Measure(text) is not (>= 0 and int localPart))
        {
            return -1;
        }

        // An address literal may hold ">", and a quoted local part too, so the first ">" is not always the end.
        int hostStart = localPart + 1;
        ReadOnlySpan<byte> host = text[hostStart..];
        int length = host.StartsWith("["u8) ? host.IndexOf((byte)']') + 1 : host.IndexOf((byte)'>');
        int end = hostStart + length;
        return length > 0 && end < text.Length && text[end] is (byte)'>' ? end : -1;
    }
}
