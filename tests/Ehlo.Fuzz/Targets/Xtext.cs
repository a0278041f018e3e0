using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>xtext (RFC 3461 section 4), both ways.</summary>
internal sealed class Xtext : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds(Corpus corpus) =>
        corpus.Paths.Concat(["a+2Bb+3Dc", "+00+0D+0A", "+2b", "+2", "+", "<>", "e+3Dmc2@example.com"]).Select(Corpus.Octets);

    public override void Run(ReadOnlySpan<byte> input)
    {
        string latin1 = Encoding.Latin1.GetString(input);
        string? slow = AddressOracle.Matches(latin1, @"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*")
            ? Regex.Replace(latin1, @"\+(..)", hex => $"{(char)int.Parse(hex.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)}")
            : null;
        string? fast = XtextGrammar.TryDecode(input, out byte[]? decoded) ? Encoding.Latin1.GetString(decoded) : null;
        Equal(slow, fast, "decoded");
        string encoded = XtextGrammar.Encode(input);
        True(encoded.All(c => c is >= '!' and <= '~' and not '='), "no xtext");
        True(XtextGrammar.TryDecode(encoded, out byte[]? again) && input.SequenceEqual(again), "encoded and decoded");
    }
}
