using System;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Grammar;

/// <summary>What holds for all input of the parsers.</summary>
public sealed class GrammarPropertyTests
{
    private static readonly Gen<string> Atom = Gen.String[Gen.Char["aB9!#$%&'*+-/=?^_`{|}~\u00fc"], 1, 5];

    private static readonly Gen<string> QuotedContent = Gen.OneOf(
        Gen.String[Gen.Char["aB <>@.,:;()[]\u00fc"], 1, 3],
        Gen.OneOf("\\\"", "\\\\", "\\a", "\\ ", "\\>")).Array[0, 6].Select(string.Concat);

    private static readonly Gen<string> LocalPartText = Gen.OneOf(
        Atom.Array[1, 4].Select(atoms => string.Join('.', atoms)), QuotedContent.Select(content => $"\"{content}\""));

    private static readonly Gen<string> DomainText = Gen.Char["aB9\u00fc"].Select(
        Gen.String[Gen.Char["aB9-"], 0, 5], Gen.Char["zZ0"], (first, middle, last) => first + middle + last).Array[1, 4]
        .Select(labels => string.Join('.', labels));

    private static readonly Gen<string> Host = Gen.OneOf(
        DomainText,
        Gen.Byte.Array[4].Select(octets => $"[{string.Join('.', octets)}]"),
        Gen.Byte.Array[16].Select(octets => $"[IPv6:{new System.Net.IPAddress(octets)}]"),
        Gen.String[Gen.Char["a@>\"<:."], 1, 5].Select(content => $"[tag:{content}]"));

    private static readonly Gen<string> MailboxText = LocalPartText.Select(Host, (local, host) => $"{local}@{host}");

    // Much like what the parsers look for, and so likely to get far into them.
    private static readonly Gen<byte[]> AnyOctets = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.Char["<>@.\"\\[]:,;=+- \tabAST019\r\n\0\u00fc\u017f"].Array[0, 30].Select(text => Encoding.UTF8.GetBytes(text)),
        MailboxText.Select(Gen.Int[0, 60], Gen.Byte, (text, at, octet) =>
        {
            byte[] octets = Encoding.UTF8.GetBytes($"<{text}> SIZE=1");
            octets[at % octets.Length] = octet;
            return octets;
        }));

    [Fact]
    public void A_mailbox_is_the_same_after_writing_and_reading() => MailboxText.Sample(text =>
    {
        Assert.True(Mailbox.TryParse(text, out Mailbox? mailbox), text);
        Assert.Equal(text, mailbox.ToString());
        Assert.Equal(mailbox, Mailbox.Parse(mailbox.ToString()));
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(new ForwardPath(mailbox) + " X");
        Assert.True(PathGrammar.TryReadForwardPath(ref input, true, out ForwardPath? forward), text);
        Assert.Equal(" X", Encoding.UTF8.GetString(input));
        Assert.Equal(mailbox, forward.Mailbox);
        input = Encoding.UTF8.GetBytes(new ReversePath(mailbox).ToString());
        Assert.True(PathGrammar.TryReadReversePath(ref input, true, out ReversePath? reverse), text);
        Assert.Equal(mailbox, reverse.Mailbox);
    }, iter: 3000);

    // RFC 5321 section 2.4: the local-part has case, the domain has none.
    [Fact]
    public void Mailboxes_are_equal_by_the_meaning_of_the_local_part_and_the_domain_without_case() =>
        QuotedContent.Select(DomainText).Sample((content, domain) =>
        {
            Mailbox mailbox = Mailbox.Parse($"\"{content}\"@{domain}");
            string requoted = string.Concat(mailbox.LocalPart.Value.Select(c => c > 127 ? $"{c}" : $"\\{c}"));
            Mailbox other = Mailbox.Parse($"\"{requoted}\"@{domain.ToUpperInvariant()}");
            Assert.Equal(mailbox, other);
            Assert.Equal(other, mailbox);
            Assert.Equal(mailbox.GetHashCode(), other.GetHashCode());
            Assert.NotEqual(mailbox, Mailbox.Parse($"\"{content}x\"@{domain}"));
            Assert.NotEqual(mailbox, Mailbox.Parse($"\"{content}\"@x{domain}"));
            if (mailbox.LocalPart.Value.Contains('a')) Assert.NotEqual(mailbox, Mailbox.Parse($"\"{content.Replace('a', 'A')}\"@{domain}"));
        }, iter: 2000);

    [Fact]
    public void No_octets_make_a_parser_throw_and_what_is_read_holds_no_control_character() =>
        AnyOctets.Select(Gen.Bool).Sample((octets, utf8) =>
    {
        int most = octets.Length;
        ReadOnlySpan<byte> input = octets;
        if (PathGrammar.TryReadForwardPath(ref input, utf8, out ForwardPath? forward)) AssertSafe(forward.Address, most - input.Length);
        input = octets;
        if (PathGrammar.TryReadReversePath(ref input, utf8, out ReversePath? reverse)) AssertSafe(reverse.Address, most - input.Length);
        input = octets;
        if (ParameterGrammar.TryRead(ref input, utf8, out EsmtpParameter? parameter)) AssertSafe(parameter.Keyword + parameter.Value, most);
        if (Mailbox.TryParse(octets, utf8, out Mailbox? mailbox)) Assert.Equal(octets, Encoding.UTF8.GetBytes(mailbox.ToString()));
        if (LocalPart.TryParse(octets, utf8, out LocalPart? local)) Assert.Equal(octets, Encoding.UTF8.GetBytes(local.ToString()));
        if (Domain.TryParse(octets, utf8, out Domain? domain)) Assert.Equal(octets, Encoding.UTF8.GetBytes(domain.ToString()));
        if (AddressLiteral.TryParse(octets, out AddressLiteral? literal)) Assert.Equal(octets, Encoding.UTF8.GetBytes(literal.ToString()));
        if (HelloGrammar.TryParse(octets, out string name, out _)) AssertSafe(name, most);
        if (XtextGrammar.TryDecode(Encoding.Latin1.GetString(octets), out string? decoded)) AssertSafe(decoded, most);
        ChunkGrammar.Parse(octets, out long size, out _);
        Assert.InRange(size, 0, long.MaxValue);
        SaslLine.TryDecode(octets, isInitial: utf8, out _);
        CommandGrammar.Split(octets, out _, out _);
    }, iter: 20_000);

    // RFC 3461 section 4: an encoder that is slow and sure.
    [Fact]
    public void Xtext_is_the_same_after_encoding_and_decoding() => Gen.String[Gen.Char["aZ~!+= \u00fc<>@"], 1, 20].Sample(text =>
    {
        string encoded = string.Concat(Encoding.UTF8.GetBytes(text).Select(octet =>
            octet is >= (byte)'!' and <= (byte)'~' and not ((byte)'+' or (byte)'=') ? $"{(char)octet}" : $"+{octet:X2}"));
        Assert.True(XtextGrammar.TryDecode(encoded, out string? decoded));
        Assert.Equal(text, decoded);
    }, iter: 1000);

    [Fact]
    public void Base64_is_the_same_after_encoding_and_decoding() => Gen.Byte.Array[0, 40].Sample(octets =>
    {
        Assert.True(SaslLine.TryDecode(Encoding.ASCII.GetBytes(Convert.ToBase64String(octets)), isInitial: false, out byte[]? decoded));
        Assert.Equal(octets, decoded);
    }, iter: 1000);

    private static void AssertSafe(string text, int most)
    {
        Assert.DoesNotContain(text, c => c is < ' ' or '\u007f');
        Assert.True(Encoding.UTF8.GetByteCount(text) <= Math.Max(most, "Postmaster".Length), text);
    }
}
