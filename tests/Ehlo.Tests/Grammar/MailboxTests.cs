using System;
using System.Linq;
using System.Text;
using CsCheck;
using Xunit;

namespace Ehlo.Tests.Grammar;

public sealed class MailboxTests
{
    [Theory]
    [InlineData("a@b")]
    [InlineData("john.doe@example.com")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.com")]
    [InlineData("a@1.2.3.4")] // A domain by RFC 5321 section 4.1.2.
    [InlineData("a@3com.example")]
    [InlineData("a@xn--bcher-kva.example")]
    [InlineData("\"\"@example.com")]
    [InlineData("\"a b\"@example.com")]
    [InlineData("\"a@b\"@example.com")]
    [InlineData("\"a\\\"b\\\\c>\"@example.com")]
    [InlineData("a@[192.0.2.1]")]
    [InlineData("a@[IPv6:2001:db8::1]")]
    [InlineData("a@[x-tag:con>tent]")]
    public void Good_ones_are_kept_as_on_the_wire(string text)
    {
        Assert.True(Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: false, out Mailbox? mailbox));
        Assert.Equal(text, mailbox.ToString());
        Assert.Equal(text, $"{mailbox.LocalPart}@{(object?)mailbox.Domain ?? mailbox.AddressLiteral}");
        Assert.Equal(text.EndsWith(']'), mailbox.AddressLiteral is not null);
        Assert.Equal(mailbox.Domain is null, mailbox.AddressLiteral is not null);
        Assert.False(mailbox.RequiresSmtpUtf8);
        Assert.Equal(mailbox, Mailbox.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("@b")]
    [InlineData("a@b@c")]
    [InlineData("a@[192.0.2.1")]
    [InlineData("a@192.0.2.1]")]
    [InlineData("a@[192.0.2.1]x")]
    [InlineData("a@exa!mple")]
    [InlineData("a@exa_mple")]
    [InlineData(".a@example.com")]
    [InlineData("a.@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a b@example.com")]
    [InlineData(" a@example.com")]
    [InlineData("a@example.com ")]
    [InlineData("a@example.com.")]
    [InlineData("a@.example.com")]
    [InlineData("a@example..com")]
    [InlineData("a@-example.com")]
    [InlineData("a@example-.com")]
    [InlineData("<a@b>")]
    [InlineData("a@b>")]
    [InlineData("a(c)@b")]
    [InlineData("a,b@c")]
    [InlineData("\"a@b")]
    [InlineData("\"a\"b@c")]
    [InlineData("\"a\"b\"@c")]
    [InlineData("\"a\\\"@b")]
    [InlineData("a\"b\"@c")]
    [InlineData("\"a\"@")]
    [InlineData("\"a\"")]
    public void Bad_ones_are_refused(string text)
    {
        Assert.False(Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out Mailbox? mailbox));
        Assert.Null(mailbox);
        Assert.False(Mailbox.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Mailbox.Parse(text));
    }

    [Fact]
    public void No_control_character_gets_in_anywhere()
    {
        string[] forms =
        [
            "a{0}b@c.example", "{0}a@b", "\"a{0}b\"@c.example", "\"a\\{0}b\"@c.example", "a@b{0}c.example", "a@b{0}", "a@[x:y{0}z]",
        ];
        foreach (string form in forms)
        {
            foreach (char control in Enumerable.Range(0, 32).Append(127).Concat(Enumerable.Range(0x80, 0x20)).Select(code => (char)code))
            {
                string text = form.Replace("{0}", control.ToString(), StringComparison.Ordinal);
                Assert.False(Mailbox.TryParse(text, out _), $"U+{(int)control:X4} in {form}");
            }

            // The forms are good but for the control character.
            string harmless = form.Replace("{0}", "x", StringComparison.Ordinal);
            Assert.True(Mailbox.TryParse(harmless, out _), harmless);
        }
    }

    // RFC 6531 section 3.3.
    [Theory]
    [InlineData("jos\u00E9@example.com")]
    [InlineData("a@b\u00FCcher.example")]
    [InlineData("\"\u6771 \u4EAC\"@example.com")]
    [InlineData("\uD83D\uDE00@example.com")]
    public void Beyond_ASCII_only_where_allowed(string text)
    {
        byte[] octets = Encoding.UTF8.GetBytes(text);
        Assert.False(Mailbox.TryParse(octets, allowUtf8: false, out _));
        Assert.True(Mailbox.TryParse(octets, allowUtf8: true, out Mailbox? mailbox));
        Assert.True(mailbox.RequiresSmtpUtf8);
        Assert.Equal(text, mailbox.ToString());
        Assert.Equal(text.Split('@')[0], mailbox.LocalPart.ToString());
        Assert.Equal(text.Split('@')[1], mailbox.Domain?.ToString());
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })] // NUL made longer.
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })] // A surrogate.
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })] // Beyond U+10FFFF.
    public void Ill_formed_UTF8_is_refused(byte[] bad)
    {
        Assert.False(Mailbox.TryParse([.. bad, .. "@b"u8], allowUtf8: true, out _));
        Assert.False(Mailbox.TryParse([.. "\""u8, .. bad, .. "\"@b"u8], allowUtf8: true, out _));
        Assert.False(Mailbox.TryParse([.. "a@"u8, .. bad], allowUtf8: true, out _));
        Assert.False(Mailbox.TryParse("\uD800@b", out _));
    }

    // RFC 5321 section 4.5.3.1.1, RFC 5321 section 4.5.3.1.3.
    [Fact]
    public void Lengths_are_limited()
    {
        string label = new('b', 63);
        string domain = $"{label}.{label}.{label}"; // 191 octets
        Assert.True(Mailbox.TryParse($"{new string('a', 62)}@{domain}", out _)); // 254
        Assert.False(Mailbox.TryParse($"{new string('a', 63)}@{domain}", out _));
        Assert.True(Mailbox.TryParse($"{new string('a', 64)}@b", out _));
        Assert.False(Mailbox.TryParse($"{new string('a', 65)}@b", out _));
        Assert.True(Mailbox.TryParse($"{new string('\u00E9', 32)}@b", out _));
        Assert.False(Mailbox.TryParse($"{new string('\u00E9', 32)}a@b", out _));
        Assert.False(Mailbox.TryParse($"a@{new string('b', 64)}", out _));
        Assert.False(Mailbox.TryParse(new string('a', 100_000) + "@b", out _));
    }

    [Theory]
    [InlineData("a@b.example", "a@B.EXAMPLE", true)]
    [InlineData("a@b.example", "A@b.example", false)] // RFC 5321 section 2.4
    [InlineData("\"a\"@b.example", "a@b.example", true)]
    [InlineData("\"\\a b\"@b.example", "\"a b\"@b.example", true)]
    [InlineData("a@b.example", "a@c.example", false)]
    [InlineData("a@[IPv6:::1]", "a@[ipv6:0:0:0:0:0:0:0:1]", true)]
    [InlineData("a@[192.0.2.1]", "a@192.0.2.1", false)]
    public void Equality_is_of_meaning(string left, string right, bool equal)
    {
        Assert.Equal(equal, Mailbox.Parse(left) == Mailbox.Parse(right));
        Assert.True(!equal || Mailbox.Parse(left).GetHashCode() == Mailbox.Parse(right).GetHashCode());
    }

    [Theory]
    [InlineData("a.b", "a.b", false)]
    [InlineData("\"a b\"", "a b", true)]
    [InlineData("\"\"", "", true)]
    [InlineData("\"\\\"\\\\\\a\"", "\"\\a", true)]
    public void The_value_of_a_local_part_has_no_quoting(string text, string value, bool isQuoted)
    {
        LocalPart localPart = LocalPart.Parse(text);
        Assert.Equal(value, localPart.Value);
        Assert.Equal(isQuoted, localPart.IsQuoted);
        Assert.Equal(text, localPart.ToString());
    }

    [Fact]
    public void An_error_message_shows_no_control_character()
    {
        FormatException error = Assert.Throws<FormatException>(() => Mailbox.Parse("a\r\nb\u0085@c"));
        Assert.Contains("'a??b?@c'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public void What_is_made_of_the_grammar_parses_and_prints_as_itself()
    {
        Gen<string> atom = TextOf("abz09!#$%&'*+-/=?^_`{|}~\u00E9\u6771", 1, 8);
        Gen<string> dotString = atom.Array[1, 3].Select(atoms => string.Join('.', atoms));
        Gen<string> quoted = Gen.OneOf(TextOf("ab @<>(),.:;[]\u00E9", 1, 5), Gen.Char[' ', '~'].Select(pair => $"\\{pair}"))
            .Array[0, 5].Select(parts => $"\"{string.Concat(parts)}\"");
        Gen<string> label = Gen.Select(TextOf("abZ09\u00FC", 1, 3), TextOf("a-Z0", 0, 8), TextOf("aZ9", 1, 1), (a, b, c) => a + b + c);
        Gen<string> host = Gen.OneOf(label.Array[1, 4].Select(labels => string.Join('.', labels)), Gen.Byte.Array[4].Select(
            octets => $"[{string.Join('.', octets)}]"));
        Gen.Select(Gen.OneOf(dotString, quoted), host).Sample((localPart, domain) =>
        {
            string text = $"{localPart}@{domain}";
            Mailbox mailbox = Mailbox.Parse(text);
            Assert.Equal(text, mailbox.ToString());
            Assert.Equal(localPart, mailbox.LocalPart.ToString());
            Assert.Equal(!Ascii.IsValid(text), mailbox.RequiresSmtpUtf8);
            Assert.Equal(mailbox.RequiresSmtpUtf8, !Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: false, out _));
        }, iter: 3_000);
    }

    [Fact]
    public void Any_octets_give_a_sound_value_or_none()
    {
        Gen<byte> octet = Gen.Frequency((3, Gen.Byte), (7, Gen.OneOf("a.@\"\\[]:1<>-"u8.ToArray())));
        int accepted = 0;
        octet.Array[0, 12].Sample(octets =>
        {
            if (Mailbox.TryParse(octets, allowUtf8: true, out Mailbox? mailbox))
            {
                accepted++;
                Assert.Equal(octets, Encoding.UTF8.GetBytes(mailbox.ToString()));
                Assert.DoesNotContain(mailbox.ToString(), char.IsControl);
                _ = (mailbox.LocalPart.Value, mailbox.GetHashCode());
            }
        }, iter: 200_000, threads: 1);
        Assert.NotEqual(0, accepted);
    }

    private static Gen<string> TextOf(string alphabet, int minLength, int maxLength) =>
        Gen.Int[0, alphabet.Length - 1].Select(index => alphabet[index]).Array[minLength, maxLength].Select(text => new string(text));
}
