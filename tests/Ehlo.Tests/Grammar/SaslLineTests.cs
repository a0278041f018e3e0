using System;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Grammar;

public sealed class SaslLineTests
{
    [Theory]
    [InlineData("", false, "")]
    [InlineData("=", true, "")] // RFC 4954 section 4
    [InlineData("YQ==", false, "a")]
    [InlineData("YWI=", false, "ab")]
    [InlineData("YWJj", true, "abc")]
    [InlineData("AGEAYg==", true, "\0a\0b")]
    [InlineData("/+8=", false, "\u00FF\u00EF")]
    public void A_good_line_is_decoded(string line, bool isInitialResponse, string octets)
    {
        Assert.True(SaslLine.TryDecode(Encoding.UTF8.GetBytes(line), isInitialResponse, out byte[]? decoded));
        Assert.Equal(octets, Encoding.Latin1.GetString(decoded));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("=", false)]
    [InlineData("*", false)]
    [InlineData("==", true)]
    [InlineData("====", false)]
    [InlineData("A===", false)]
    [InlineData("YQ", false)]
    [InlineData("YQ=", false)]
    [InlineData("YQ===", false)]
    [InlineData("YWJj=", false)]
    [InlineData("YWJj====", false)]
    [InlineData("YQ==YQ==", false)]
    [InlineData("Y===", false)]
    [InlineData("YR==", false)] // Bits that stand for nothing.
    [InlineData("YWJ=", false)]
    [InlineData(" YQ==", false)]
    [InlineData("YQ== ", false)]
    [InlineData("YW Jj", false)]
    [InlineData("YW\tJjYWJ", false)]
    [InlineData("YWJj    ", false)]
    [InlineData("YW-_", false)] // The alphabet of RFC 4648 section 5.
    [InlineData("YW\u00E9", false)]
    public void A_bad_line_is_refused(string line, bool isInitialResponse)
    {
        Assert.False(SaslLine.TryDecode(Encoding.UTF8.GetBytes(line), isInitialResponse, out byte[]? octets));
        Assert.Null(octets);
    }

    [Fact]
    public void Each_octets_have_one_line_and_each_line_has_its_octets()
    {
        Gen.Byte.Array[0, 40].Sample(octets =>
        {
            Assert.True(SaslLine.TryDecode(Encoding.UTF8.GetBytes(Convert.ToBase64String(octets)), false, out byte[]? decoded));
            Assert.Equal(octets, decoded);
        });
        Gen.OneOf("ABEQgwz+/= "u8.ToArray()).Array[0, 8].Sample(line =>
        {
            Assert.True(!SaslLine.TryDecode(line, false, out byte[]? octets)
                || Convert.ToBase64String(octets) == Encoding.UTF8.GetString(line));
        }, iter: 50_000);
    }
}
