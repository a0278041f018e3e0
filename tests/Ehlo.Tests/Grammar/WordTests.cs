using System;
using System.Text;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Grammar;

/// <summary>Verbs, and the arguments that are neither paths nor parameters.</summary>
public sealed class WordTests
{
    [Theory]
    [InlineData("MAIL FROM:<>", "Mail", "FROM:<>")]
    [InlineData("mail  from:<>", "Mail", "from:<>")]
    [InlineData("DaTa", "Data", "")]
    [InlineData("DATA ", "Data", "")]
    [InlineData("DATA \t ", "Data", "")]
    [InlineData("STARTTLS", "StartTls", "")]
    [InlineData("sTartTlS", "StartTls", "")]
    [InlineData("NOOP a  b", "Noop", "a  b")]
    [InlineData("BDAT 5 LAST ", "Bdat", "5 LAST")]
    [InlineData("STARTTLSX", "Unknown", "")]
    [InlineData("STARTTL", "Unknown", "")]
    [InlineData("DATAX", "Unknown", "")]
    [InlineData("DAT", "Unknown", "")]
    [InlineData(" DATA", "Unknown", "DATA")]
    [InlineData("DATA\tX", "Unknown", "")]
    [InlineData("MAILFROM:<>", "Unknown", "")]
    [InlineData("R\u017fET", "Unknown", "")]
    [InlineData("R\u017fT", "Unknown", "")]
    [InlineData("\u017fTARTTL", "Unknown", "")]
    [InlineData("\u017fTARTTLS", "Unknown", "")]
    [InlineData("H\u00c9LO", "Unknown", "")]
    [InlineData("", "Unknown", "")]
    [InlineData("    ", "Unknown", "")]
    public void A_verb_is_a_whole_word_of_ASCII_in_any_case(string line, string verb, string argument)
    {
        CommandGrammar.Split(Encoding.UTF8.GetBytes(line), out Verb actual, out ReadOnlySpan<byte> rest);
        Assert.Equal(verb, actual.ToString());
        Assert.Equal(argument, Encoding.UTF8.GetString(rest));
    }

    [Fact]
    public void Each_verb_is_known_by_its_name()
    {
        foreach (Verb verb in Enum.GetValues<Verb>())
        {
            CommandGrammar.Split(Encoding.ASCII.GetBytes(verb.ToString()), out Verb actual, out _);
            Assert.Equal(verb, actual);
        }
    }

    [Theory]
    [InlineData("client.example", true, true)]
    [InlineData("[192.0.2.1]", true, true)]
    [InlineData("[IPv6:::1]", true, true)]
    [InlineData("a", true, true)]
    [InlineData("my_host", true, false)]
    [InlineData("192.0.2.1]", true, false)]
    [InlineData("<script>", true, false)]
    [InlineData("a.", true, false)]
    [InlineData("", false, false)]
    [InlineData("a b", false, false)]
    [InlineData("a\tb", false, false)]
    [InlineData("a\u0007", false, false)]
    [InlineData("\u00fc.example", false, false)]
    [InlineData("a\u007f", false, false)]
    public void The_name_of_a_hello(string argument, bool isTaken, bool isValid)
    {
        Assert.Equal(isTaken, HelloGrammar.TryParse(Encoding.UTF8.GetBytes(argument), out string name, out bool actual));
        Assert.Equal(isValid, actual);
        Assert.Equal(isTaken ? argument : "", name);
    }

    [Fact]
    public void The_name_of_a_hello_has_at_most_255_octets()
    {
        byte[] name = new byte[256];
        name.AsSpan().Fill((byte)'a');
        Assert.True(HelloGrammar.TryParse(name.AsSpan(1), out _, out _));
        Assert.False(HelloGrammar.TryParse(name, out _, out _));
    }

    // RFC 3030 section 2.
    [Theory]
    [InlineData("0", "Good", 0, false)]
    [InlineData("5", "Good", 5, false)]
    [InlineData("5 LAST", "Good", 5, true)]
    [InlineData("5   last", "Good", 5, true)]
    [InlineData("00005", "Good", 5, false)]
    [InlineData("9223372036854775807", "Good", long.MaxValue, false)]
    [InlineData("9223372036854775808 LAST", "Good", long.MaxValue, true)]
    [InlineData("18446744073709551616", "Good", long.MaxValue, false)]
    [InlineData("99999999999999999999", "Good", long.MaxValue, false)]
    [InlineData("100000000000000000000", "SizeUnreadable", 0, false)]
    [InlineData("5 LASTING", "Malformed", 5, false)]
    [InlineData("5 LAST LAST", "Malformed", 5, false)]
    [InlineData("5 5", "Malformed", 5, false)]
    [InlineData("", "SizeUnreadable", 0, false)]
    [InlineData("LAST", "SizeUnreadable", 0, false)]
    [InlineData("-1", "SizeUnreadable", 0, false)]
    [InlineData("+5", "SizeUnreadable", 0, false)]
    [InlineData("5\tLAST", "SizeUnreadable", 0, false)]
    [InlineData("5,LAST", "SizeUnreadable", 0, false)]
    [InlineData("0x5", "SizeUnreadable", 0, false)]
    [InlineData("5.0", "SizeUnreadable", 0, false)]
    public void The_argument_of_BDAT(string argument, string outcome, long octets, bool isLast)
    {
        Assert.Equal(outcome, ChunkGrammar.Parse(Encoding.ASCII.GetBytes(argument), out long actual, out bool actualLast).ToString());
        Assert.Equal(octets, actual);
        Assert.Equal(isLast, actualLast);
    }

    // RFC 4954 section 4.
    [Theory]
    [InlineData("", false, "")]
    [InlineData("=", true, "")]
    [InlineData("=", false, null)]
    [InlineData("QQ==", false, "A")]
    [InlineData("QUI=", false, "AB")]
    [InlineData("QUJD", true, "ABC")]
    [InlineData("QQ", false, null)]
    [InlineData("QQ=", false, null)]
    [InlineData("QUJDQ", false, null)]
    [InlineData("Q===", false, null)]
    [InlineData("====", false, null)]
    [InlineData("QQ==QQ==", false, null)]
    [InlineData("Q=Q=", false, null)]
    [InlineData("QU-_", false, null)]
    [InlineData("QUJ ", false, null)]
    [InlineData(" QUJD", false, null)]
    [InlineData("QU JD   ", false, null)]
    [InlineData("QUJ\t", false, null)]
    [InlineData("QUJ\u000b", false, null)]
    [InlineData("QU*D", false, null)]
    [InlineData("QR==", false, null)]
    [InlineData("QUJ=", false, null)]
    public void Base64_is_strict(string line, bool isInitial, string? decoded)
    {
        Assert.Equal(decoded is not null, SaslLine.TryDecode(Encoding.ASCII.GetBytes(line), isInitial, out byte[]? response));
        if (decoded is not null) Assert.Equal(decoded, Encoding.ASCII.GetString(response!));
    }

    // RFC 3461 section 4.
    [Theory]
    [InlineData("<>", "<>")]
    [InlineData("a@b", "a@b")]
    [InlineData("a+2Bb+3Dc", "a+b=c")]
    [InlineData("a+20b", "a b")]
    [InlineData("+C3+BC", "\u00fc")]
    [InlineData("", null)]
    [InlineData("a=b", null)]
    [InlineData("a b", null)]
    [InlineData("a+", null)]
    [InlineData("a+2", null)]
    [InlineData("a+2b", null)]
    [InlineData("a+G0", null)]
    [InlineData("a+0D+0A", null)]
    [InlineData("a+00", null)]
    [InlineData("a+7F", null)]
    [InlineData("+FF", null)]
    [InlineData("\u00fc", null)]
    public void Xtext(string text, string? decoded)
    {
        Assert.Equal(decoded is not null, XtextGrammar.TryDecode(text, out string? actual));
        Assert.Equal(decoded, actual);
    }
}
