using System;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Grammar;

public sealed class PathGrammarTests
{
    [Theory]
    [InlineData("<>", "", "")]
    [InlineData("<> SIZE=1", "", " SIZE=1")]
    [InlineData("<a@b>", "a@b", "")]
    [InlineData("<a@b> SIZE=1", "a@b", " SIZE=1")]
    [InlineData(" <a@b>", "a@b", "")] // MAIL FROM: <a@b>
    [InlineData(" \t <> ", "", " ")]
    [InlineData("<\"a>b\"@c> X", "\"a>b\"@c", " X")]
    [InlineData("<\"a b\"@c>", "\"a b\"@c", "")]
    [InlineData("<\"a\\\">b\"@c>", "\"a\\\">b\"@c", "")]
    [InlineData("<a@[tag:x>y]>", "a@[tag:x>y]", "")]
    [InlineData("<a@[192.0.2.1]> BODY=7BIT", "a@[192.0.2.1]", " BODY=7BIT")]
    [InlineData("<@x:a@b>", "a@b", "")] // RFC 5321 section C
    [InlineData("<@x.example,@y.example:a@b> Z", "a@b", " Z")]
    public void A_reverse_path_is_read_and_passed(string text, string address, string rest)
    {
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(text);
        Assert.True(PathGrammar.TryReadReversePath(ref input, allowUtf8: false, out ReversePath? path));
        Assert.Equal(address, path.Address);
        Assert.Equal($"<{address}>", path.ToString());
        Assert.Equal(address.Length == 0, path.IsNull);
        Assert.Equal(path.IsNull ? ReversePath.Null : new ReversePath(Mailbox.Parse(address)), path);
        Assert.Equal(rest, Encoding.UTF8.GetString(input));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b")]
    [InlineData("<a@b")]
    [InlineData("a@b>")]
    [InlineData("<a@b>>")]
    [InlineData("<<a@b>")]
    [InlineData("<a@b>SIZE=1")]
    [InlineData("<a@b>\tSIZE=1")]
    [InlineData("<>SIZE=1")]
    [InlineData("<a@b>,<c@d>")]
    [InlineData("< >")]
    [InlineData("< a@b>")]
    [InlineData("<a@b >")]
    [InlineData("<a>")]
    [InlineData("<a@>")]
    [InlineData("<a@b@c>")]
    [InlineData("<a@[192.0.2.1>")]
    [InlineData("<a@exa!mple>")]
    [InlineData("<.a@b>")]
    [InlineData("<a..b@c>")]
    [InlineData("<a b@example.com>")]
    [InlineData("<Postmaster>")]
    [InlineData("Name <a@b>")]
    [InlineData("<@x a@b>")]
    [InlineData("<@x:>")]
    [InlineData("<@:a@b>")]
    [InlineData("<@x,:a@b>")]
    [InlineData("<@x,y:a@b>")]
    [InlineData("<@x!:a@b>")]
    [InlineData("<@x@y:a@b>")]
    [InlineData("<@x:@y:a@b>")]
    [InlineData("<@[192.0.2.1]:a@b>")] // At-domain has a domain only.
    [InlineData("<jos\u00E9@example.com>")]
    [InlineData("<@\u00E9:a@b>")]
    [InlineData("<a\r\n@b>")]
    [InlineData("<a\0@b>")]
    public void A_bad_path_is_refused_and_left_where_it_is(string text)
    {
        byte[] octets = Encoding.UTF8.GetBytes(text);
        ReadOnlySpan<byte> input = octets;
        Assert.False(PathGrammar.TryReadReversePath(ref input, allowUtf8: false, out ReversePath? path));
        Assert.Null(path);
        Assert.True(input.SequenceEqual(octets));
        if (!text.Contains("Postmaster", StringComparison.Ordinal))
        {
            Assert.False(PathGrammar.TryReadForwardPath(ref input, allowUtf8: false, out _));
            Assert.True(input.SequenceEqual(octets));
        }
    }

    [Fact]
    public void A_forward_path_is_not_null()
    {
        ReadOnlySpan<byte> input = "<>"u8;
        Assert.False(PathGrammar.TryReadForwardPath(ref input, allowUtf8: false, out _));
    }

    // RFC 5321 section 4.5.1.
    [Theory]
    [InlineData("<Postmaster>", "")]
    [InlineData("<postmaster>", "")]
    [InlineData(" <POSTMASTER> NOTIFY=NEVER", " NOTIFY=NEVER")]
    public void Postmaster_needs_no_domain(string text, string rest)
    {
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(text);
        Assert.True(PathGrammar.TryReadForwardPath(ref input, allowUtf8: false, out ForwardPath? path));
        Assert.Same(ForwardPath.Postmaster, path);
        Assert.True(path.IsPostmaster);
        Assert.Equal("Postmaster", path.Address);
        Assert.Equal("<Postmaster>", path.ToString());
        Assert.Equal(rest, Encoding.UTF8.GetString(input));
    }

    [Theory]
    [InlineData("<Postmaster>x")]
    [InlineData("<Postmasters>")]
    [InlineData("<Po\u017Ftmaster>")]
    [InlineData("Postmaster")]
    public void No_other_local_part_stands_alone(string text)
    {
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(text);
        Assert.False(PathGrammar.TryReadForwardPath(ref input, allowUtf8: true, out _));
    }

    [Fact]
    public void Postmaster_with_a_domain_is_a_mailbox()
    {
        ReadOnlySpan<byte> input = "<postmaster@b>"u8;
        Assert.True(PathGrammar.TryReadForwardPath(ref input, allowUtf8: false, out ForwardPath? path));
        Assert.False(path.IsPostmaster);
        Assert.Equal("postmaster@b", path.Address);
    }

    [Fact]
    public void UTF8_only_where_allowed()
    {
        ReadOnlySpan<byte> input = "<@\u00FC:jos\u00E9@b\u00FCcher.example> SMTPUTF8"u8;
        ReadOnlySpan<byte> again = input;
        Assert.False(PathGrammar.TryReadForwardPath(ref input, allowUtf8: false, out _));
        Assert.True(PathGrammar.TryReadForwardPath(ref input, allowUtf8: true, out ForwardPath? forward));
        Assert.True(forward.RequiresSmtpUtf8);
        Assert.True(PathGrammar.TryReadReversePath(ref again, allowUtf8: true, out ReversePath? reverse));
        Assert.True(reverse.RequiresSmtpUtf8);
        Assert.False(ReversePath.Null.RequiresSmtpUtf8 || ForwardPath.Postmaster.RequiresSmtpUtf8);
    }

    // RFC 5321 section 4.5.3.1.3, which counts the brackets and the route.
    [Fact]
    public void A_path_has_at_most_256_octets()
    {
        string label = new('b', 63);
        string mailbox = $"a@{label}.{label}";
        string route = $"@{label}.{new string('c', 256 - 2 - mailbox.Length - 1 - 65)}:";
        ReadOnlySpan<byte> longest = Encoding.UTF8.GetBytes($"<{route}{mailbox}> X");
        ReadOnlySpan<byte> tooLong = Encoding.UTF8.GetBytes($"<{route}a{mailbox}> X");
        Assert.Equal(256 + 2, longest.Length);
        Assert.True(PathGrammar.TryReadReversePath(ref longest, allowUtf8: false, out _));
        Assert.False(PathGrammar.TryReadReversePath(ref tooLong, allowUtf8: false, out _));
    }

    [Fact]
    public void Any_octets_give_a_path_that_reads_as_itself_or_none()
    {
        Gen<byte> octet = Gen.Frequency((1, Gen.Byte), (9, Gen.OneOf("<>a@\".:,\\[] "u8.ToArray())));
        int accepted = 0;
        octet.Array[0, 10].Sample(octets =>
        {
            ReadOnlySpan<byte> input = octets;
            if (PathGrammar.TryReadReversePath(ref input, allowUtf8: true, out ReversePath? path))
            {
                accepted++;
                Assert.True(input.IsEmpty || input[0] == ' ');
                ReadOnlySpan<byte> formatted = Encoding.UTF8.GetBytes(path.ToString());
                Assert.True(PathGrammar.TryReadReversePath(ref formatted, allowUtf8: true, out ReversePath? again));
                Assert.Equal(path, again);
            }
        }, iter: 200_000, threads: 1);
        Assert.NotEqual(0, accepted);
    }
}
