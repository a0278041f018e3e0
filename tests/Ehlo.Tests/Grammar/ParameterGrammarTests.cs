using System;
using System.Collections.Generic;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Grammar;

public sealed class ParameterGrammarTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("SIZE=1", "SIZE=1")]
    [InlineData(" size=1", "SIZE=1")]
    [InlineData(" SIZE=1 BODY=8BITMIME SMTPUTF8", "SIZE=1|BODY=8BITMIME|SMTPUTF8")]
    [InlineData("  SIZE=1   BODY=7BIT  ", "SIZE=1|BODY=7BIT")]
    [InlineData(" X-own=a:b+3D\"(~ Y", "X-OWN=a:b+3D\"(~|Y")]
    [InlineData(" 8x", "8X")]
    [InlineData(" SIZE=1 SIZE=2", "SIZE=1|SIZE=2")] // Whether twice is allowed is not the grammar's to say.
    public void Parameters_are_read_in_order(string text, string expected)
    {
        (string read, string rest) = Read(text, allowUtf8: false);
        Assert.Equal(expected, read);
        Assert.Equal("", rest);
    }

    [Theory]
    [InlineData(" SIZE=", "SIZE=")]
    [InlineData(" =1", "=1")]
    [InlineData(" -X=1", "-X=1")]
    [InlineData(" X_Y=1", "X_Y=1")]
    [InlineData(" A=b=c", "A=b=c")]
    [InlineData(" A=b\tC", "A=b\tC")]
    [InlineData(" A=\u007F", "A=\u007F")]
    [InlineData(" A=b\0", "A=b\0")]
    [InlineData("\tA=b", "\tA=b")]
    [InlineData(" \u017FIZE=1", "\u017FIZE=1")]
    [InlineData(" A=\u00E9", "A=\u00E9")]
    public void What_is_no_parameter_stays_in_the_input(string text, string rest)
    {
        Assert.Equal(("", rest), Read(text, allowUtf8: false));
        Assert.Equal(("OK=1", rest), Read(" OK=1" + (text[0] == ' ' ? text : " " + text), allowUtf8: false));
    }

    // RFC 6531 section 3.3.
    [Fact]
    public void UTF8_in_a_value_only_where_allowed()
    {
        Assert.Equal(("ORCPT=utf-8;jos\u00E9@b", ""), Read(" ORCPT=utf-8;jos\u00E9@b", allowUtf8: true));
        Assert.Equal(("", "ORCPT=\u0085"), Read(" ORCPT=\u0085", allowUtf8: true));
        Assert.Equal(("", "\u00C9=1"), Read(" \u00C9=1", allowUtf8: true));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("A B", null)]
    [InlineData("A=", null)]
    [InlineData("\u017FIZE", null)]
    [InlineData("A", "")]
    [InlineData("A", "b c")]
    [InlineData("A", "b\r\nRCPT")]
    [InlineData("A", "b=c")]
    [InlineData("A", "b\u0085")]
    public void No_parameter_can_be_made_that_would_not_be_read(string keyword, string? value) =>
        Assert.Throws<ArgumentException>(() => new EsmtpParameter(keyword, value));

    [Fact]
    public void No_parameter_holds_half_a_character() => Assert.Throws<ArgumentException>(() => new EsmtpParameter("A", "b\uD800"));

    [Theory]
    [InlineData("", "")]
    [InlineData("a@b.example", "a@b.example")]
    [InlineData("+2B+3D+20+0D+00+FF", "+= \r\0\u00FF")]
    [InlineData("+41", "A")] // What needs no encoding may have it.
    public void Xtext_is_decoded(string xtext, string octets)
    {
        Assert.True(XtextGrammar.TryDecode(xtext, out byte[]? decoded));
        Assert.Equal(octets, Encoding.Latin1.GetString(decoded));
    }

    [Theory]
    [InlineData("+")]
    [InlineData("+4")]
    [InlineData("a+4")]
    [InlineData("+4g")]
    [InlineData("+g4")]
    [InlineData("+2b")] // RFC 3461 section 4: upper case.
    [InlineData("+ 4")]
    [InlineData("a=b")]
    [InlineData("a b")]
    [InlineData("a\u007F")]
    [InlineData("a\u00E9")]
    public void What_is_no_xtext_is_refused(string xtext)
    {
        Assert.False(XtextGrammar.TryDecode(xtext, out _));
        Assert.False(XtextGrammar.TryDecode(Encoding.UTF8.GetBytes(xtext), out _));
    }

    [Fact]
    public void Any_octets_survive_xtext_and_fit_into_a_value()
    {
        Assert.Equal("a+20b+2B+3D+0A+FF", XtextGrammar.Encode([.. "a b+=\n"u8, 0xFF]));
        Gen.Byte.Array[1, 40].Sample(octets =>
        {
            string xtext = XtextGrammar.Encode(octets);
            Assert.Equal(xtext, new EsmtpParameter("ENVID", xtext).Value);
            Assert.True(XtextGrammar.TryDecode(xtext, out byte[]? decoded));
            Assert.Equal(octets, decoded);
        });
    }

    private static (string Read, string Left) Read(string text, bool allowUtf8)
    {
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(text);
        List<string> read = [];
        while (ParameterGrammar.TryRead(ref input, allowUtf8, out EsmtpParameter? parameter))
        {
            read.Add(parameter.ToString());
        }

        return (string.Join('|', read), Encoding.UTF8.GetString(input));
    }
}
