using System;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Grammar;

public sealed class CommandGrammarTests
{
    [Theory]
    [InlineData("HELO a", nameof(Verb.Helo), "a")]
    [InlineData("EHLO a", nameof(Verb.Ehlo), "a")]
    [InlineData("LHLO a", nameof(Verb.Lhlo), "a")]
    [InlineData("MAIL FROM:<>", nameof(Verb.Mail), "FROM:<>")]
    [InlineData("RCPT TO:<a@b>", nameof(Verb.Rcpt), "TO:<a@b>")]
    [InlineData("DATA", nameof(Verb.Data), "")]
    [InlineData("DATA ", nameof(Verb.Data), "")] // RFC 5321 section 4.1.1
    [InlineData("DATA \t ", nameof(Verb.Data), "")]
    [InlineData("DATA\t", nameof(Verb.Data), "")]
    [InlineData("BDAT 5 LAST", nameof(Verb.Bdat), "5 LAST")]
    [InlineData("RSET", nameof(Verb.Rset), "")]
    [InlineData("NOOP  what ever ", nameof(Verb.Noop), "what ever")]
    [InlineData("QUIT", nameof(Verb.Quit), "")]
    [InlineData("VRFY a", nameof(Verb.Vrfy), "a")]
    [InlineData("EXPN a", nameof(Verb.Expn), "a")]
    [InlineData("HELP", nameof(Verb.Help), "")]
    [InlineData("STARTTLS", nameof(Verb.StartTls), "")]
    [InlineData("AUTH PLAIN =", nameof(Verb.Auth), "PLAIN =")]
    [InlineData("eHlO a", nameof(Verb.Ehlo), "a")]
    [InlineData("startTLS", nameof(Verb.StartTls), "")]
    [InlineData("", nameof(Verb.Unknown), "")]
    [InlineData(" ", nameof(Verb.Unknown), "")]
    [InlineData(" DATA", nameof(Verb.Unknown), "DATA")]
    [InlineData("DATAX", nameof(Verb.Unknown), "")]
    [InlineData("STARTTLSX", nameof(Verb.Unknown), "")]
    [InlineData("STARTTL", nameof(Verb.Unknown), "")]
    [InlineData("DATA\tX", nameof(Verb.Unknown), "")]
    [InlineData("MAIL\0FROM", nameof(Verb.Unknown), "")]
    [InlineData("R\u017FET", nameof(Verb.Unknown), "")]
    [InlineData("\u017FTARTTLS", nameof(Verb.Unknown), "")]
    public void A_line_is_a_verb_and_an_argument(string line, string verb, string argument)
    {
        Assert.Equal(verb, CommandGrammar.Parse(Encoding.UTF8.GetBytes(line), out ReadOnlySpan<byte> rest).ToString());
        Assert.Equal(argument, Encoding.UTF8.GetString(rest));
    }

    [Fact]
    public void A_verb_is_known_exactly_if_it_is_one_by_ASCII_case()
    {
        string[] names = [.. Enum.GetNames<Verb>().Except([nameof(Verb.Unknown), nameof(Verb.Own)])];
        foreach (string name in names)
        {
            Assert.Equal(Enum.Parse<Verb>(name), CommandGrammar.Parse(Encoding.UTF8.GetBytes(name), out _));
            for (int index = 0; index < name.Length; index++)
            {
                for (int octet = 0; octet < 256; octet++)
                {
                    byte[] line = Encoding.UTF8.GetBytes(name.ToUpperInvariant());
                    line[index] = (byte)octet;
                    string text = Encoding.Latin1.GetString(line);
                    bool known = Ascii.IsValid(text) && names.Contains(text, StringComparer.OrdinalIgnoreCase);
                    Assert.Equal(known, CommandGrammar.Parse(line, out _) is not Verb.Unknown);
                }
            }
        }
    }

    [Theory]
    [InlineData("FROM:<>", true, "<>")]
    [InlineData("from: <>", true, " <>")]
    [InlineData("FROM:", true, "")]
    [InlineData("FROM", false, "FROM")]
    [InlineData("FROM :<>", false, "FROM :<>")]
    [InlineData("TO:<>", false, "TO:<>")]
    [InlineData("", false, "")]
    public void The_prefix_is_skipped_in_any_case(string argument, bool skipped, string rest)
    {
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(argument);
        Assert.Equal(skipped, CommandGrammar.TrySkipPrefix(ref input, "FROM:"u8));
        Assert.Equal(rest, Encoding.UTF8.GetString(input));
    }

    [Theory]
    [InlineData("client.example", "client.example", true)]
    [InlineData(" client.example ", "client.example", true)]
    [InlineData("[192.0.2.1]", "[192.0.2.1]", true)]
    [InlineData("[IPv6:::1]", "[IPv6:::1]", true)]
    [InlineData("localhost", "localhost", true)]
    [InlineData("my_desktop", "my_desktop", false)]
    [InlineData("[192.0.2.1", "[192.0.2.1", false)]
    [InlineData("192.0.2.1:25", "192.0.2.1:25", false)]
    [InlineData("client.example.", "client.example.", false)]
    public void A_hello_of_one_printable_word_is_taken(string argument, string name, bool isValid)
    {
        Assert.True(HelloGrammar.TryParse(Encoding.UTF8.GetBytes(argument), out string? read, out bool valid));
        Assert.Equal(name, read);
        Assert.Equal(isValid, valid);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\rb")]
    [InlineData("a\0")]
    [InlineData("a\u007F")]
    [InlineData("b\u00FCcher.example")]
    public void Any_other_hello_is_refused(string argument)
    {
        Assert.False(HelloGrammar.TryParse(Encoding.UTF8.GetBytes(argument), out string? name, out bool isValid));
        Assert.Null(name);
        Assert.False(isValid);
    }

    // RFC 5321 section 4.5.3.1.2.
    [Fact]
    public void A_hello_has_at_most_255_octets()
    {
        byte[] name = Encoding.UTF8.GetBytes(new string('a', 256));
        Assert.True(HelloGrammar.TryParse(name.AsSpan(0, 255), out _, out _));
        Assert.False(HelloGrammar.TryParse(name, out _, out _));
    }

    [Theory]
    [InlineData("0", 2, 0L, false)]
    [InlineData("12345", 2, 12345L, false)]
    [InlineData("0 LAST", 2, 0L, true)]
    [InlineData("12345 LAST", 2, 12345L, true)]
    [InlineData("12345 last", 2, 12345L, true)]
    [InlineData("12345  LAST ", 2, 12345L, true)]
    [InlineData("00000000000000000005", 2, 5L, false)]
    [InlineData("9223372036854775806", 2, long.MaxValue - 1, false)]
    [InlineData("9223372036854775807", 2, long.MaxValue, false)]
    [InlineData("9223372036854775808", 2, long.MaxValue, false)]
    [InlineData("99999999999999999999 LAST", 2, long.MaxValue, true)]
    [InlineData("5 FIRST", 1, 5L, false)]
    [InlineData("5 LAST LAST", 1, 5L, false)]
    [InlineData("5 LASTX", 1, 5L, false)]
    [InlineData("5 LAS", 1, 5L, false)]
    [InlineData("5 LA\u017FT", 1, 5L, false)]
    [InlineData("5 6", 1, 5L, false)]
    [InlineData("", 0, 0L, false)]
    [InlineData("LAST", 0, 0L, false)]
    [InlineData("-5", 0, 0L, false)]
    [InlineData("+5", 0, 0L, false)]
    [InlineData("5x", 0, 0L, false)]
    [InlineData("5LAST", 0, 0L, false)]
    [InlineData("5\tLAST", 0, 0L, false)]
    [InlineData("5.0", 0, 0L, false)]
    [InlineData("\u0665", 0, 0L, false)] // A digit, but not of ASCII.
    [InlineData("000000000000000000005", 0, 0L, false)]
    public void A_chunk_size_is_good_or_readable_or_neither(string argument, int form, long size, bool isLast) =>
        Assert.Equal(new ChunkArgument((ChunkArgumentForm)form, size, isLast), ChunkGrammar.Parse(Encoding.UTF8.GetBytes(argument)));

    [Fact]
    public void Any_octets_never_throw()
    {
        int parameters = 0;
        Gen.Frequency((3, Gen.Byte), (7, Gen.OneOf("DATA =+5LST:\t"u8.ToArray()))).Array[0, 10].Sample(octets =>
        {
            _ = CommandGrammar.Parse(octets, out _);
            _ = HelloGrammar.TryParse(octets, out _, out _);
            _ = ChunkGrammar.Parse(octets);
            _ = SaslLine.TryDecode(octets, isInitialResponse: true, out _);
            ReadOnlySpan<byte> input = octets;
            while (ParameterGrammar.TryRead(ref input, allowUtf8: true, out EsmtpParameter? parameter))
            {
                parameters++;
                Assert.DoesNotContain(parameter.ToString(), character => char.IsControl(character) || character == ' ');
                Assert.Equal(parameter, new EsmtpParameter(parameter.Keyword, parameter.Value));
            }
        }, iter: 100_000, threads: 1);
        Assert.NotEqual(0, parameters);
    }
}
