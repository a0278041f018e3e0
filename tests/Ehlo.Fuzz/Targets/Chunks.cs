using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>The argument of BDAT (RFC 3030 section 2), beside a pattern and numbers without end.</summary>
internal sealed class Chunks : FuzzTarget
{
    private static readonly Regex Argument = new(
        @"\A *(?<size>[0-9]{1,20})(?: +(?<marker>[^ ](?:.*[^ ])?))? *\z", RegexOptions.Singleline | RegexOptions.CultureInvariant);

    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.After("BDAT ")
        .Concat(["9223372036854775807 LAST", "9223372036854775808", "99999999999999999999", "000000000000000000001 LAST", "5 LAST "])
        .Select(Corpus.Octets);

    public override void Run(ReadOnlySpan<byte> input)
    {
        ChunkArgument slow = default;
        if (Argument.Match(Encoding.Latin1.GetString(input)) is { Success: true } match)
        {
            BigInteger size = BigInteger.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture);
            string marker = match.Groups["marker"].Value;
            bool isLast = marker.Equals("LAST", StringComparison.OrdinalIgnoreCase);
            ChunkArgumentForm form = isLast || marker.Length == 0 ? ChunkArgumentForm.Good : ChunkArgumentForm.SizeOnly;
            slow = new(form, (long)BigInteger.Min(size, long.MaxValue), isLast);
        }
        Equal(slow, ChunkGrammar.Parse(input), "argument");
    }
}
