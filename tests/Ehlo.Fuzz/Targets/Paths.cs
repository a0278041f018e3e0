using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>Reverse-paths, forward-paths and what follows them, beside one pattern for the whole.</summary>
internal sealed class Paths : FuzzTarget
{
    private const string Local = $"(?<local>{AddressOracle.DotString}|{AddressOracle.QuotedString})";
    private const string Host = $"(?<host>{AddressOracle.Name}|{AddressOracle.Literal})";

    private static readonly Regex Path = new(
        $@"\A[ \t]*(?<path><(?:(?<route>@{AddressOracle.Name}(?:,@{AddressOracle.Name})*):)?{Local}@{Host}>)(?<rest>(?: .*)?)\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);

    public override IEnumerable<byte[]> Seeds(Corpus corpus) =>
        corpus.Paths.Concat(["<@a,@b:c@d> X=1", "<\">\"@[x:>]>", AtLimit]).Select(Corpus.Octets);

    // 256 octets, most of them a source route: a mutation of one octet more or less is what the limit decides.
    private static string AtLimit => $"<@{string.Concat(Enumerable.Repeat("route.", 40))}route:abc@efg> X=1";

    public override void Run(ReadOnlySpan<byte> input)
    {
        for (int i = 0; i < 2; i++)
        {
            Read(input, isForward: false, allowUtf8: i == 1);
            Read(input, isForward: true, allowUtf8: i == 1);
        }
    }

    private static void Read(ReadOnlySpan<byte> input, bool isForward, bool allowUtf8)
    {
        ReadOnlySpan<byte> rest = input;
        string? address = null;
        if (isForward && PathGrammar.TryReadForwardPath(ref rest, allowUtf8, out ForwardPath? forward)) address = forward.Address;
        else if (!isForward && PathGrammar.TryReadReversePath(ref rest, allowUtf8, out ReversePath? reverse)) address = reverse.Address;
        Equal(Oracle(input, isForward, allowUtf8, out int left), address, isForward ? "forward-path" : "reverse-path");
        Equal(left, rest.Length, "what is left");
    }

    private static string? Oracle(ReadOnlySpan<byte> input, bool isForward, bool allowUtf8, out int left)
    {
        left = input.Length;
        // What follows the path may be anything at all: only the path itself is decoded.
        string latin1 = Encoding.Latin1.GetString(input);
        string special = isForward ? "<Postmaster>" : "<>";
        string trimmed = latin1.TrimStart(' ', '\t');
        if (trimmed.StartsWith(special, StringComparison.OrdinalIgnoreCase) && (trimmed.Length == special.Length || trimmed[special.Length] == ' '))
        {
            left = trimmed.Length - special.Length;
            return special.Trim('<', '>');
        }
        for (int end = latin1.IndexOf('>', StringComparison.Ordinal); end >= 0; end = latin1.IndexOf('>', end + 1))
        {
            if (end + 1 < latin1.Length && latin1[end + 1] != ' ') continue;
            if (Utf8Text.Read(input[..(end + 1)], allowUtf8) is not { } text || Path.Match(text) is not { Success: true } match) continue;
            string local = match.Groups["local"].Value;
            string host = match.Groups["host"].Value;
            bool isGood = AddressOracle.IsLocalPart(local)
                && (AddressOracle.IsDomain(host) || AddressOracle.IsLiteral(host, out _))
                && match.Groups["route"].Value.Split(',').All(at => at.Length == 0 || AddressOracle.IsDomain(at[1..]))
                && Utf8Text.Octets(match.Groups["path"].Value) <= 256
                && Utf8Text.Octets($"{local}@{host}") <= 254;
            if (!isGood) return null;
            left = input.Length - end - 1;
            return $"{local}@{host}";
        }
        return null;
    }
}
