using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>Content made ready for the wire (RFC 5321 section 4.5.2), against an oracle that knows strings only.</summary>
public sealed class DataEncoderTests
{
    [Fact]
    public void Every_short_content_is_encoded_or_refused_as_the_oracle_says_in_every_segmentation()
    {
        foreach (string content in Strings("\r\n.a", 6))
        {
            bool isGood = !content.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n');
            string expected = Oracle(content);
            for (int cut = 0; cut <= content.Length; cut++)
            {
                string? encoded = Encode(mends: false, content[..cut], content[cut..]);
                Assert.Equal(isGood ? expected : null, encoded);
            }
        }
    }

    [Fact]
    public void Mended_content_is_what_the_oracle_makes_of_it_and_never_holds_a_CR_or_LF_alone()
    {
        foreach (string content in Strings("\r\n.a", 6))
        {
            string lines = content.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            lines = lines.Replace("\n", "\r\n", StringComparison.Ordinal);
            for (int cut = 0; cut <= content.Length; cut++)
            {
                Assert.Equal(Oracle(lines), Encode(mends: true, content[..cut], content[cut..]));
                Assert.Equal(WithEnd(lines), Encode(isTransparent: false, mends: true, content[..cut], content[cut..]));
            }
        }
    }

    [Fact]
    public void Long_content_with_dots_anywhere_is_encoded_as_the_oracle_says()
    {
        for (int at = 0; at < 130; at++)
        {
            string content = string.Concat(Enumerable.Range(0, 130).Select(i => i == at ? "\r\n.b" : i % 50 == 49 ? "\r\n" : "c"));
            Assert.Equal(Oracle(content), Encode(mends: false, content));
        }
    }

    private static string Oracle(string content)
    {
        string stuffed = ("\r\n" + WithEnd(content)).Replace("\r\n.", "\r\n..", StringComparison.Ordinal)[2..];
        return stuffed + ".\r\n";
    }

    private static string WithEnd(string content) =>
        content.Length == 0 || content.EndsWith("\r\n", StringComparison.Ordinal) ? content : content + "\r\n";

    private static string? Encode(bool mends, params string[] pieces) => Encode(isTransparent: true, mends, pieces);

    private static string? Encode(bool isTransparent, bool mends, params string[] pieces)
    {
        DataEncoder encoder = new(isTransparent, mends);
        ArrayBufferWriter<byte> output = new();
        foreach (string piece in pieces) encoder.Encode(Encoding.UTF8.GetBytes(piece), output);
        encoder.Complete(output);
        return encoder.IsMalformed ? null : Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static IEnumerable<string> Strings(string alphabet, int most) => most == 0
        ? [""]
        : Strings(alphabet, most - 1).SelectMany(head => head.Length == most - 1 ? alphabet.Select(c => head + c).Prepend(head) : [head]);
}
