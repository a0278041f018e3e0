using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The attributes of XCLIENT and XFORWARD, which Postfix defines.</summary>
internal static class ForwardGrammar
{
    /// <summary>The attributes of XCLIENT, in the order EHLO lists them.</summary>
    public static readonly string[] XClientNames =
        ["NAME", "ADDR", "PORT", "PROTO", "HELO", "LOGIN", "DESTADDR", "DESTPORT", "REVERSE_NAME"];

    /// <summary>The attributes of XFORWARD, in the order EHLO lists them.</summary>
    public static readonly string[] XForwardNames = ["NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE"];

    // As much as a host name may have (RFC 5321 section 4.5.3.1.2); XFORWARD gives its values the same.
    private const int MaxOctets = 255;

    // XFORWARD's limit for the name of a protocol.
    private const int MaxProtocolOctets = 64;

    /// <summary>Reads the attributes. False if one is unknown, given twice or malformed, or there is none.</summary>
    // command         = verb 1*( SP attribute-name "=" attribute-value )
    // attribute-value = xtext
    internal static bool TryParse(ReadOnlySpan<byte> argument, string[] names, [NotNullWhen(true)] out ForwardedClient? client)
    {
        client = null;
        Dictionary<string, string> attributes = [];
        foreach (Range range in argument.Split((byte)' '))
        {
            ReadOnlySpan<byte> attribute = argument[range];
            if (attribute.IsEmpty) continue;
            int equals = attribute.IndexOf((byte)'=');
            if (equals < 0 || NameOf(attribute[..equals], names) is not { } name || attributes.ContainsKey(name)) return false;
            if (!XtextGrammar.TryDecode(attribute[(equals + 1)..], out byte[]? octets)) return false;
            if (ReadValue(name, octets, isXForward: names == XForwardNames) is not { } value) return false;
            attributes.Add(name, value);
        }
        if (attributes.Count == 0) return false;
        client = new(attributes);
        return true;
    }

    private static string? NameOf(ReadOnlySpan<byte> text, string[] names)
    {
        foreach (string name in names)
        {
            if (Ascii.EqualsIgnoreCase(text, name)) return name;
        }
        return null;
    }

    private static string? ReadValue(string name, ReadOnlySpan<byte> octets, bool isXForward)
    {
        bool isPrintable = !octets.ContainsAnyInRange((byte)0, (byte)31) && !octets.Contains((byte)127);
        if (octets.Length is 0 or > MaxOctets || !isPrintable || !WireText.IsAllowed(octets, allowUtf8: name == "LOGIN")) return null;
        string value = WireText.ToText(octets);
        if (value.Equals(ForwardedClient.Unavailable, StringComparison.OrdinalIgnoreCase)) return ForwardedClient.Unavailable;
        bool isTemporary = value.Equals(ForwardedClient.TemporarilyUnavailable, StringComparison.OrdinalIgnoreCase);
        bool isGood = name switch
        {
            // The addresses are those of address literals, without their brackets.
            "ADDR" or "DESTADDR" => AddressLiteral.TryParse($"[{value}]", out AddressLiteral? literal) && literal.Address is not null,
            "PORT" or "DESTPORT" => IsPort(value),
            "NAME" or "REVERSE_NAME" => !value.Contains(' '),
            "PROTO" when isXForward => value.Length <= MaxProtocolOctets && !value.Contains(' '),
            "PROTO" => value.ToUpperInvariant() is "SMTP" or "ESMTP",
            "SOURCE" => value.ToUpperInvariant() is "LOCAL" or "REMOTE",
            _ => true,
        };
        if (isTemporary) return name is "NAME" or "REVERSE_NAME" ? ForwardedClient.TemporarilyUnavailable : null;
        return !isGood ? null : name is "PROTO" or "SOURCE" ? value.ToUpperInvariant() : value;
    }

    private static bool IsPort(string value) =>
        value.All(char.IsAsciiDigit) && ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0;
}
