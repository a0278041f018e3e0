using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>The attributes of XCLIENT and XFORWARD, beside words and patterns.</summary>
internal sealed class ForwardedClients : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.After("XCLIENT ").Concat(corpus.After("XFORWARD "))
        .Concat(["ADDR=IPv6:2001:db8::1 PORT=65535", "ADDR=192.0.2.1 DESTADDR=[UNAVAILABLE] DESTPORT=00025", "LOGIN=+C3+BC", "NAME=[TEMPUNAVAIL]",
            "PROTO=esmtp SOURCE=local", "HELO=" + new string('x', 255), "PROTO=" + new string('x', 64), "addr=2001:db8::1", "HELO=a+20b NAME=a+20b"])
        .Select(Corpus.Octets);

    public override void Run(ReadOnlySpan<byte> input)
    {
        foreach (string[] names in (string[][])[ForwardGrammar.XClientNames, ForwardGrammar.XForwardNames])
        {
            SortedDictionary<string, string>? slow = Oracle(Encoding.Latin1.GetString(input), names);
            bool isGood = ForwardGrammar.TryParse(input, names, out ForwardedClient? client);
            Equal(slow is not null, isGood, "attributes");
            if (slow is null) continue;
            Same(slow.Select(Show), client!.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(Show), "values");
            // None of them throws.
            _ = (client.Address, client.Port, client.DestinationAddress, client.DestinationPort, client.Login, client.HelloName);
        }
    }

    private static string Show(KeyValuePair<string, string> pair) => $"{pair.Key}={pair.Value}";

    // 1*( SP attribute-name "=" attribute-value ), and more than one SP is allowed.
    private static SortedDictionary<string, string>? Oracle(string latin1, string[] names)
    {
        SortedDictionary<string, string> attributes = new(StringComparer.Ordinal);
        foreach (string word in latin1.Split(' ').Where(word => word.Length > 0))
        {
            string[] parts = word.Split('=', 2);
            string? name = names.FirstOrDefault(known => parts[0].All(char.IsAscii) && known.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
            if (name is null || parts.Length < 2 || Value(name, parts[1], names == ForwardGrammar.XForwardNames) is not { } value) return null;
            if (!attributes.TryAdd(name, value)) return null;
        }
        return attributes.Count > 0 ? attributes : null;
    }

    private static string? Value(string name, string xtext, bool isXForward)
    {
        if (!AddressOracle.Matches(xtext, @"(?:[!-*,-<>-~]|\+[0-9A-F]{2})+")) return null;
        string latin1 = Regex.Replace(
            xtext, @"\+(..)", hex => $"{(char)int.Parse(hex.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)}");
        string? text = Utf8Text.Read(Corpus.Octets(latin1), allowUtf8: name == "LOGIN");
        if (latin1.Length > 255 || text is not { } value || value.Any(char.IsControl)) return null;
        string upper = value.ToUpperInvariant();
        if (upper == "[UNAVAILABLE]") return upper;
        if (upper == "[TEMPUNAVAIL]") return name is "NAME" or "REVERSE_NAME" ? upper : null;
        return name switch
        {
            "ADDR" or "DESTADDR" => AddressOracle.IsLiteral($"[{value}]", out byte[]? address) && address is not null ? value : null,
            "PORT" or "DESTPORT" => AddressOracle.Matches(value, "0*[1-9][0-9]{0,4}") && value.TrimStart('0') is var port
                && int.Parse(port, CultureInfo.InvariantCulture) < 65536 ? value : null,
            "NAME" or "REVERSE_NAME" => value.Contains(' ', StringComparison.Ordinal) ? null : value,
            "PROTO" when isXForward => value.Length > 64 || value.Contains(' ', StringComparison.Ordinal) ? null : upper,
            "PROTO" => upper is "SMTP" or "ESMTP" ? upper : null,
            "SOURCE" => upper is "LOCAL" or "REMOTE" ? upper : null,
            _ => value,
        };
    }
}
