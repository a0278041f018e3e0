using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Ehlo.Fuzz;

/// <summary>The grammar of addresses (RFC 5321 section 4.1.2) as patterns, and its limits as counts.</summary>
internal static class AddressOracle
{
    public const string DotString = $"[{Atext}]+(?:\\.[{Atext}]+)*";
    public const string QuotedString = $"\"(?:[ !#-\\[\\]-~{Utf8Text.NonAscii}]|\\\\[ -~])*\"";
    public const string Name = $"[-.0-9A-Za-z{Utf8Text.NonAscii}]+";
    public const string Literal = @"\[[!-Z^-~]+\]";

    private const string Atext = $"-!#$%&'*+/0-9=?A-Z^_`a-z{{|}}~{Utf8Text.NonAscii}";
    private const string Group = "[0-9A-Fa-f]{1,4}";

    public static bool IsLocalPart(string text) => Utf8Text.Octets(text) <= 64 && Matches(text, $"{DotString}|{QuotedString}");

    public static bool IsDomain(string text) =>
        Matches(text, Name) && Utf8Text.Octets(text) <= 255 && text.IndexOfAny(['\u3002', '\uFF0E', '\uFF61']) < 0 && text.Split('.').All(IsLabel);

    /// <summary>Whether it is an address literal; and the octets of its address, of an IP address.</summary>
    public static bool IsLiteral(string text, out byte[]? address)
    {
        address = null;
        if (text.Length > 255 || !Matches(text, Literal)) return false;
        string inner = text[1..^1];
        if (!inner.Contains(':', StringComparison.Ordinal)) return TryIPv4(inner, out address);
        if (inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)) return TryIPv6(inner["IPv6:".Length..], out address);
        return Matches(inner, "[-0-9A-Za-z]*[0-9A-Za-z]:.+");
    }

    public static bool Matches(string text, string pattern) =>
        Regex.IsMatch(text, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static bool IsLabel(string label)
    {
        if (label.Length == 0 || label[0] == '-' || label[^1] == '-') return false;
        return label.All(char.IsAscii) ? label.Length <= 63 : label.EnumerateRunes().Count() <= 59;
    }

    private static bool TryIPv4(string text, out byte[]? address)
    {
        address = null;
        if (!Matches(text, @"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")) return false;
        int[] numbers = [.. text.Split('.').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        if (numbers.Any(number => number > 255)) return false;
        address = [.. numbers.Select(number => (byte)number)];
        return true;
    }

    private static bool TryIPv6(string text, out byte[]? address)
    {
        address = null;
        int last = text.LastIndexOf(':') + 1;
        if (last > 0 && text[last..].Contains('.', StringComparison.Ordinal))
        {
            if (!TryIPv4(text[last..], out byte[]? tail)) return false;
            text = string.Create(CultureInfo.InvariantCulture, $"{text[..last]}{tail![0]:x2}{tail[1]:x2}:{tail[2]:x2}{tail[3]:x2}");
        }
        if (!Matches(text, $"{Group}(?::{Group}){{7}}|(?:{Group}(?::{Group})*)?::(?:{Group}(?::{Group})*)?")) return false;
        string[] halves = text.Split("::");
        List<string> groups = [.. Groups(halves[0])];
        if (halves.Length == 2)
        {
            int missing = 8 - groups.Count - Groups(halves[1]).Length;
            if (missing < 1) return false;
            groups = [.. groups, .. Enumerable.Repeat("0", missing), .. Groups(halves[1])];
        }
        address = [.. groups.Select(group => Convert.ToInt32(group, 16)).SelectMany(value => new[] { (byte)(value >> 8), (byte)value })];
        return true;
    }

    private static string[] Groups(string half) => half.Length == 0 ? [] : half.Split(':');
}
