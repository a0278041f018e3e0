using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ehlo;

/// <summary>
/// A mailbox: <c>local-part@domain</c> (RFC 5321 section 4.1.2). Made only by parsing, so no CR, LF or other control character of ASCII
/// can be inside.
/// </summary>
public sealed class Mailbox : IEquatable<Mailbox>
{
    // RFC 5321 section 4.5.3.1.3 allows 256 to a path, and a path has two brackets.
    private const int MaxOctets = 254;

    private Mailbox(LocalPart localPart, Domain? domain, AddressLiteral? addressLiteral) =>
        (LocalPart, Domain, AddressLiteral) = (localPart, domain, addressLiteral);

    /// <summary>What stands before the @.</summary>
    public LocalPart LocalPart { get; }

    /// <summary>What stands behind it, if it is a domain.</summary>
    public Domain? Domain { get; }

    /// <summary>What stands behind it, if it is an address literal.</summary>
    public AddressLiteral? AddressLiteral { get; }

    /// <summary>Whether sending it needs SMTPUTF8 (RFC 6531 section 3.2).</summary>
    public bool RequiresSmtpUtf8 => !LocalPart.IsAscii || Domain is { IsAscii: false };

    /// <summary>Reads a mailbox that is the whole of the text.</summary>
    /// <param name="text">In UTF-8.</param>
    /// <param name="allowUtf8">Whether it may have characters beyond ASCII.</param>
    /// <param name="mailbox">The mailbox, or null.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (text.Length > MaxOctets) return false;
        // Mailbox = Local-part "@" ( Domain / address-literal ); the last @ parts them, since a quoted local-part may have others. A
        // literal may have others too, but no bracket inside.
        int at = text.EndsWith("]"u8) ? text.LastIndexOf("@["u8) : text.LastIndexOf((byte)'@');
        if (at < 0 || !LocalPart.TryParse(text[..at], allowUtf8, out LocalPart? localPart)) return false;
        ReadOnlySpan<byte> host = text[(at + 1)..];
        if (AddressLiteral.TryParse(host, out AddressLiteral? literal)) mailbox = new(localPart, null, literal);
        else if (Domain.TryParse(host, allowUtf8, out Domain? domain)) mailbox = new(localPart, domain, null);
        return mailbox is not null;
    }

    /// <summary>Reads a mailbox, with UTF-8 or without.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out mailbox);
    }

    /// <summary>Reads a mailbox, with UTF-8 or without.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Mailbox Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Mailbox? mailbox) ? mailbox : throw new FormatException($"'{text}' is not a mailbox: local-part@domain.");
    }

    /// <summary>The mailbox as it came.</summary>
    public override string ToString() => $"{LocalPart}@{(object?)Domain ?? AddressLiteral}";

    /// <summary>Compares local-parts with case and domains without.</summary>
    public bool Equals(Mailbox? other) => other is not null
        && LocalPart.Equals(other.LocalPart) && Equals(Domain, other.Domain) && Equals(AddressLiteral, other.AddressLiteral);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Mailbox);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(LocalPart, Domain, AddressLiteral);
}
