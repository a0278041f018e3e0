using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace Ehlo.App.MessageChecks.Spf;

internal enum SpfMechanism : byte
{
    All,
    Include,
    A,
    Mx,
    Ptr,
    Ip4,
    Ip6,
    Exists,
}

/// <summary>One directive: what is compared, and the result where it matches.</summary>
/// <param name="Text">As it stands in the record.</param>
/// <param name="Domain">The domain-spec, with its macros, or null.</param>
/// <param name="Network">Of ip4 and ip6.</param>
internal sealed record SpfDirective(
    string Text, SpfResult Result, SpfMechanism Mechanism, string? Domain, IPNetwork? Network, int Ip4Length, int Ip6Length);

/// <summary>A record as RFC 7208 section 12 has it.</summary>
internal sealed record SpfRecord(IReadOnlyList<SpfDirective> Directives, string? Redirect)
{
    /// <summary>RFC 7208 section 4.5: the version stands alone, or before a space.</summary>
    public static bool IsSpf(string text) =>
        text.Equals("v=spf1", StringComparison.OrdinalIgnoreCase) || text.StartsWith("v=spf1 ", StringComparison.OrdinalIgnoreCase);

    /// <param name="error">The term that is wrong. RFC 7208 section 4.6: one is enough, wherever it stands.</param>
    public static SpfRecord? Parse(string text, out string? error)
    {
        var directives = new List<SpfDirective>();
        string? redirect = null;
        bool hasExplanation = false;
        error = null;
        foreach (string term in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            error = term;
            int equals = term.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && IsName(term.AsSpan(0, equals)))
            {
                string value = term[(equals + 1)..];
                switch (term[..equals].ToLowerInvariant())
                {
                    // RFC 7208 section 6: each of the two at most once.
                    case "redirect" when redirect is not null || !SpfMacro.IsDomainSpec(value):
                    case "exp" when hasExplanation || !SpfMacro.IsDomainSpec(value):
                        return null;
                    case "redirect":
                        redirect = value;
                        break;
                    case "exp":
                        hasExplanation = true;
                        break;
                    default:
                        if (!SpfMacro.IsMacroString(value))
                        {
                            return null;
                        }
                        break;
                }
            }
            else if (ParseDirective(term) is { } directive)
            {
                directives.Add(directive);
            }
            else
            {
                return null;
            }
        }
        error = null;
        return new SpfRecord(directives, redirect);
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (!char.IsAsciiLetter(name[0]))
        {
            return false;
        }
        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))
            {
                return false;
            }
        }
        return true;
    }

    // directive = [ qualifier ] mechanism
    private static SpfDirective? ParseDirective(string term)
    {
        SpfResult result = term[0] switch
        {
            '-' => SpfResult.Fail,
            '~' => SpfResult.SoftFail,
            '?' => SpfResult.Neutral,
            _ => SpfResult.Pass,
        };
        string text = term[0] is '+' or '-' or '~' or '?' ? term[1..] : term;
        int end = text.IndexOfAny([':', '/']);
        string name = (end < 0 ? text : text[..end]).ToLowerInvariant();
        string rest = end < 0 ? "" : text[end..];
        return name switch
        {
            "all" when rest.Length == 0 => new SpfDirective(term, result, SpfMechanism.All, null, null, 32, 128),
            "include" => OfDomain(SpfMechanism.Include, isNeeded: true),
            "exists" => OfDomain(SpfMechanism.Exists, isNeeded: true),
            "ptr" => OfDomain(SpfMechanism.Ptr, isNeeded: false),
            "a" => OfHost(SpfMechanism.A),
            "mx" => OfHost(SpfMechanism.Mx),
            "ip4" => OfNetwork(SpfMechanism.Ip4, AddressFamily.InterNetwork, 32),
            "ip6" => OfNetwork(SpfMechanism.Ip6, AddressFamily.InterNetworkV6, 128),
            _ => null,
        };

        SpfDirective? OfDomain(SpfMechanism mechanism, bool isNeeded)
        {
            string? domain = rest.Length > 0 ? rest[1..] : null;
            bool isGood = domain is null ? !isNeeded : rest[0] == ':' && SpfMacro.IsDomainSpec(domain);
            return isGood ? new SpfDirective(term, result, mechanism, domain, null, 32, 128) : null;
        }

        SpfDirective? OfHost(SpfMechanism mechanism)
        {
            (string? domain, string lengths) = SplitLengths(rest);
            return (domain is null || SpfMacro.IsDomainSpec(domain)) && ParseLengths(lengths, out int ip4, out int ip6)
                ? new SpfDirective(term, result, mechanism, domain, null, ip4, ip6)
                : null;
        }

        SpfDirective? OfNetwork(SpfMechanism mechanism, AddressFamily family, int greatest)
        {
            if (rest.Length < 2 || rest[0] != ':')
            {
                return null;
            }
            string[] parts = rest[1..].Split('/');
            int length = greatest;
            bool isGood = parts.Length <= 2 && IPAddress.TryParse(parts[0], out IPAddress? address) && address.AddressFamily == family
                && (family == AddressFamily.InterNetworkV6 || parts[0].Count(letter => letter == '.') == 3)
                && (parts.Length == 1 || ParseLength(parts[1], greatest, out length));
            return isGood ? new SpfDirective(term, result, mechanism, null, NetworkOf(IPAddress.Parse(parts[0]), length), 32, 128) : null;
        }
    }

    /// <summary>The network of an address, whatever its last bits are.</summary>
    public static IPNetwork NetworkOf(IPAddress address, int length)
    {
        byte[] octets = address.GetAddressBytes();
        for (int i = 0; i < octets.Length; i++)
        {
            int bits = Math.Clamp(length - (i * 8), 0, 8);
            octets[i] &= (byte)(0xFF << (8 - bits));
        }
        return new IPNetwork(new IPAddress(octets), length);
    }

    // A macro may hold a slash as a delimiter: the lengths begin at the first slash outside of braces.
    private static (string? Domain, string Lengths) SplitLengths(string rest)
    {
        bool isInMacro = false;
        int at = 0;
        for (; at < rest.Length && (isInMacro || rest[at] != '/'); at++)
        {
            isInMacro = rest[at] == '{' || (isInMacro && rest[at] != '}');
        }
        return (at == 0 ? null : rest[1..at], rest[at..]);
    }

    // dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]
    private static bool ParseLengths(string text, out int ip4, out int ip6)
    {
        (ip4, ip6) = (32, 128);
        int both = text.IndexOf("//", StringComparison.Ordinal);
        string first = both < 0 ? text : text[..both];
        return (first.Length == 0 || ParseLength(first[1..], 32, out ip4)) && (both < 0 || ParseLength(text[(both + 2)..], 128, out ip6));
    }

    private static bool ParseLength(string text, int greatest, out int length) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= greatest && (text.Length == 1 || text[0] != '0');
}
