using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>Verbs with their arguments, and the argument of a hello.</summary>
internal sealed class Commands : FuzzTarget
{
    private static readonly Dictionary<string, Verb> Verbs = Enum.GetValues<Verb>().Except([Verb.Own])
        .Where(verb => verb is not Verb.Unknown)
        .ToDictionary(verb => verb.ToString().ToUpperInvariant());

    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Lines.Select(Corpus.Octets);

    public override void Run(ReadOnlySpan<byte> input)
    {
        string line = Encoding.Latin1.GetString(input).TrimEnd(' ', '\t');
        string word = line.Split(' ')[0];
        // Only ASCII letters have a case here.
        string upper = string.Concat(word.Select(c => char.IsAscii(c) ? char.ToUpperInvariant(c) : c));
        Verb verb = CommandGrammar.Parse(input, out ReadOnlySpan<byte> argument);
        Equal(Verbs.GetValueOrDefault(upper), verb, "verb");
        Equal(line[word.Length..].TrimStart(' '), Encoding.Latin1.GetString(argument), "argument");
        ReadHello(argument);
    }

    private static void ReadHello(ReadOnlySpan<byte> argument)
    {
        string word = Encoding.Latin1.GetString(argument).Trim(' ', '\t');
        bool isName = AddressOracle.Matches(word, "[!-~]{1,255}");
        Equal(isName, HelloGrammar.TryParse(argument, out string? name, out bool isValid), "hello");
        if (!isName) return;
        Equal(word, name, "name");
        Equal(AddressOracle.IsDomain(word) || AddressOracle.IsLiteral(word, out _), isValid, "whether it is a domain or a literal");
    }
}
