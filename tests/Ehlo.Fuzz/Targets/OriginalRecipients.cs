using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>The value of ORCPT, beside patterns, and written again.</summary>
internal sealed class OriginalRecipients : FuzzTarget
{
    // EmbeddedUnicodeChar = %x5C.78 "{" HEXPOINT "}"     RFC 6533 section 3
    private const string Embedded = @"\\x\{(?:[0-9A-F]{2}|[1-9A-F][0-9A-F]{2,5})\}";

    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Paths
        .Select(path => path.Split("ORCPT=")[^1].Split(' ')[0])
        .Concat(["rfc822;a+2Bb@x", "rfc822;+20", "x-y;+7F", "utf-8;\\x{FC}\\x{2B}a@x", "utf-8;\u00c3\u00bc\\x{20}", "utf-8;\\x{D800}",
            "utf-8;+5Cx{41}", "utf-8;\\x{10FFFF}", "utf-8;\\x{041}", "UTF-8;a", ";a", "rfc822;", "utf-8;\\x{9F}", "utf-8;\\x{110000}"])
        .Select(Corpus.Octets);

    public override void Run(ReadOnlySpan<byte> input)
    {
        // Parameters are of no other octets.
        if (Utf8Text.Read(input, allowUtf8: true) is not { } value) return;
        for (int i = 0; i < 2; i++)
        {
            bool allowUtf8 = i == 1;
            OriginalRecipientGrammar.TryParse(value, allowUtf8, out OriginalRecipient? fast);
            Equal(Oracle(value, allowUtf8), fast?.ToString(), "read");
            if (fast is null) continue;
            string written = OriginalRecipientGrammar.Encode(fast);
            True(AddressOracle.Matches(written, "[!-<>-~]+"), "written with what a parameter in ASCII has not");
            True(OriginalRecipientGrammar.TryParse(written, allowUtf8: false, out OriginalRecipient? again), "what was written is not read");
            Equal(fast, again, "written and read");
        }
    }

    // original-recipient-address = addr-type ";" xtext     RFC 3461 section 4.2
    private static string? Oracle(string value, bool allowUtf8)
    {
        string[] parts = value.Split(';', 2);
        if (parts.Length < 2 || !AddressOracle.Matches(parts[0], "[0-9A-Za-z][-0-9A-Za-z]*")) return null;
        string type = parts[0].ToLowerInvariant();
        string? address = parts[1];
        if (type != "utf-8" || address.All(char.IsAscii)) address = FromXtext(address);
        else if (!allowUtf8) address = null;
        if (type == "utf-8" && address is not null) address = FromEmbedded(address);
        return string.IsNullOrEmpty(address) || address.Any(char.IsControl) ? null : $"{type};{address}";
    }

    private static string? FromXtext(string xtext)
    {
        if (!AddressOracle.Matches(xtext, @"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*")) return null;
        string text = Regex.Replace(xtext, @"\+(..)", hex => $"{(char)Number(hex.Groups[1].Value)}");
        return text.All(char.IsAscii) ? text : null;
    }

    private static string? FromEmbedded(string text)
    {
        if (!AddressOracle.Matches(text.ReplaceLineEndings("\u0001"), $@"(?:[^\\]|{Embedded})*")) return null;
        StringBuilder address = new();
        foreach (Match part in Regex.Matches(text, $@"{Embedded}|[^\\]"))
        {
            if (part.Value[0] != '\\') address.Append(part.Value);
            else if (Number(part.Value[3..^1]) is var point and (< 0xD800 or (> 0xDFFF and <= 0x10FFFF)))
                address.Append(char.ConvertFromUtf32(point));
            else return null;
        }
        return address.ToString();
    }

    private static int Number(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
