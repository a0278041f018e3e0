using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>The parameters of MAIL and RCPT, beside words and a pattern.</summary>
internal sealed class Parameters : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Paths
        .Select(path => path[(path.LastIndexOf('>') + 1)..])
        .Concat([" SIZE=1000 BODY=8BITMIME", " X-Y=\u00c3\u00bc", " ENVID=a+2Bb RET=HDRS AUTH=<>"])
        .Select(Corpus.Octets);

    public override void Run(ReadOnlySpan<byte> input)
    {
        for (int i = 0; i < 2; i++)
        {
            bool allowUtf8 = i == 1;
            List<string> slow = Oracle(input, allowUtf8, out int left);
            ReadOnlySpan<byte> rest = input;
            List<string> fast = [];
            while (ParameterGrammar.TryRead(ref rest, allowUtf8, out EsmtpParameter? parameter))
            {
                fast.Add(parameter.ToString());
                Equal(new EsmtpParameter(parameter.Keyword, parameter.Value), parameter, "parameter again");
            }
            Same(slow, fast, "parameters");
            Equal(left, rest.Length, "what is left");
        }
    }

    // esmtp-param *(SP esmtp-param), and more than one SP is allowed (RFC 5321 section 4.1.2).
    private static List<string> Oracle(ReadOnlySpan<byte> input, bool allowUtf8, out int left)
    {
        List<string> parameters = [];
        string latin1 = Encoding.Latin1.GetString(input);
        while (true)
        {
            latin1 = latin1.TrimStart(' ');
            left = latin1.Length;
            string word = latin1.Split(' ')[0];
            if (Utf8Text.Read(Corpus.Octets(word), allowUtf8) is not { } text) return parameters;
            if (!AddressOracle.Matches(text, $"[0-9A-Za-z][-0-9A-Za-z]*(?:=[!-<>-~{Utf8Text.NonAscii}]+)?")) return parameters;
            string[] parts = text.Split('=', 2);
            parameters.Add(string.Join('=', parts.Skip(1).Prepend(parts[0].ToUpperInvariant())));
            latin1 = latin1[word.Length..];
        }
    }
}
