using System;
using System.Text;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Grammar;

/// <summary>The paths of MAIL and RCPT, and what stands behind them (RFC 5321 section 4.1.2).</summary>
public sealed class PathTests
{
    private static readonly string Longest = $"{new string('a', 64)}@{new string('b', 63)}.{new string('c', 63)}.{new string('d', 61)}";

    [Theory]
    [InlineData("<a@b>", "a@b", "")]
    [InlineData("<a@b> SIZE=1", "a@b", " SIZE=1")]
    [InlineData(" <a@b>", "a@b", "")]
    [InlineData("<@x:a@b>", "a@b", "")]
    [InlineData("<@x,@y.z:a@b>", "a@b", "")]
    [InlineData("<\"a>b\"@c>", "\"a>b\"@c", "")]
    [InlineData("<\"a\\\">b\"@c> X", "\"a\\\">b\"@c", " X")]
    [InlineData("<\"a\\\\\"@c>", "\"a\\\\\"@c", "")]
    [InlineData("<\"a@b,c:d\"@e>", "\"a@b,c:d\"@e", "")]
    [InlineData("<a@[192.0.2.1]>", "a@[192.0.2.1]", "")]
    [InlineData("<a@[tag:\">]>", "a@[tag:\">]", "")]
    [InlineData("<postmaster@b>", "postmaster@b", "")]
    public void A_path_of_either_kind(string text, string address, string rest)
    {
        ReadOnlySpan<byte> input = Encoding.ASCII.GetBytes(text);
        Assert.True(PathGrammar.TryReadForwardPath(ref input, false, out ForwardPath? forward));
        Assert.Equal(address, forward.Address);
        Assert.Equal(rest, Encoding.ASCII.GetString(input));
        input = Encoding.ASCII.GetBytes(text);
        Assert.True(PathGrammar.TryReadReversePath(ref input, false, out ReversePath? reverse));
        Assert.Equal($"<{address}>", reverse.ToString());
        Assert.Equal(rest, Encoding.ASCII.GetString(input));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b")]
    [InlineData("<")]
    [InlineData("<a@b")]
    [InlineData("<a>")]
    [InlineData("< >")]
    [InlineData("< a@b>")]
    [InlineData("<a@b >")]
    [InlineData("<<a@b>>")]
    [InlineData("<a@b>SIZE=1")]
    [InlineData("<a@b>>")]
    [InlineData("<a@b>\tX")]
    [InlineData("<\"a>@c>")]
    [InlineData("<\"a\\\"@c>")]
    [InlineData("<a@[192.0.2.1>")]
    [InlineData("<@x>")]
    [InlineData("<@x:>")]
    [InlineData("<@x,a@b>")]
    [InlineData("<@x:@y:a@b>")]
    [InlineData("<@x,:a@b>")]
    [InlineData("<@:a@b>")]
    [InlineData("<@x!:a@b>")]
    [InlineData("\t<a@b>")]
    public void A_path_of_neither_kind(string text)
    {
        ReadOnlySpan<byte> input = Encoding.ASCII.GetBytes(text);
        Assert.False(PathGrammar.TryReadForwardPath(ref input, true, out _));
        input = Encoding.ASCII.GetBytes(text);
        Assert.False(PathGrammar.TryReadReversePath(ref input, true, out _));
    }

    // RFC 5321 section 4.5.1: Postmaster without a domain, in any case, as a recipient and only there.
    [Theory]
    [InlineData("<Postmaster>")]
    [InlineData("<postMASTER>")]
    public void Postmaster_is_a_recipient_and_no_sender(string text)
    {
        ReadOnlySpan<byte> input = Encoding.ASCII.GetBytes(text);
        Assert.True(PathGrammar.TryReadForwardPath(ref input, false, out ForwardPath? path));
        Assert.Same(ForwardPath.Postmaster, path);
        Assert.Equal("<Postmaster>", path.ToString());
        input = Encoding.ASCII.GetBytes(text);
        Assert.False(PathGrammar.TryReadReversePath(ref input, false, out _));
    }

    [Fact]
    public void The_null_path_is_a_sender_and_no_recipient()
    {
        ReadOnlySpan<byte> input = "<> BODY=7BIT"u8;
        Assert.True(PathGrammar.TryReadReversePath(ref input, false, out ReversePath? path));
        Assert.Same(ReversePath.Null, path);
        Assert.NotEqual(ReversePath.Null, new(Mailbox.Parse("a@b")));
        input = "<>"u8;
        Assert.False(PathGrammar.TryReadForwardPath(ref input, false, out _));
    }

    // RFC 5321 section 4.5.3.1.3: 256 octets with the brackets, and the source route is a part of it.
    [Theory]
    [InlineData("", 0, true)]
    [InlineData("", -1, false)]
    [InlineData("@x:", 3, true)]
    [InlineData("@x:", 2, false)]
    public void A_path_has_at_most_256_octets(string route, int shorterBy, bool isGood)
    {
        string mailbox = shorterBy < 0 ? Longest + "d" : Longest[..^shorterBy];
        ReadOnlySpan<byte> input = Encoding.ASCII.GetBytes($"<{route}{mailbox}> X");
        Assert.Equal(isGood, PathGrammar.TryReadForwardPath(ref input, false, out _));
        Assert.Equal(256, Longest.Length + 2);
    }

    [Theory]
    [InlineData("SIZE=1", "SIZE", "1", "")]
    [InlineData("size=1 X", "SIZE", "1", "X")]
    [InlineData("X   Y", "X", null, "Y")]
    [InlineData("8BITMIME", "8BITMIME", null, "")]
    [InlineData("A-B=<c>+\"d\"", "A-B", "<c>+\"d\"", "")]
    public void A_parameter(string text, string keyword, string? value, string rest)
    {
        ReadOnlySpan<byte> input = Encoding.ASCII.GetBytes(text);
        Assert.True(ParameterGrammar.TryRead(ref input, false, out EsmtpParameter? parameter));
        Assert.Equal(new(keyword, value), parameter);
        Assert.Equal(rest, Encoding.ASCII.GetString(input));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("=1")]
    [InlineData("SIZE=")]
    [InlineData("A=b=c")]
    [InlineData("-A")]
    [InlineData("A_B=1")]
    [InlineData("A\t=1")]
    [InlineData("A=\t1")]
    [InlineData("A=\u007f")]
    [InlineData("\u017fIZE=1")]
    public void Not_a_parameter(string text)
    {
        ReadOnlySpan<byte> input = Encoding.UTF8.GetBytes(text);
        Assert.False(ParameterGrammar.TryRead(ref input, allowUtf8: true, out _));
    }

    [Fact]
    public void A_value_in_UTF_8_needs_leave_and_must_be_well_formed()
    {
        ReadOnlySpan<byte> input = "A=\u00fc"u8;
        Assert.False(ParameterGrammar.TryRead(ref input, allowUtf8: false, out _));
        Assert.True(ParameterGrammar.TryRead(ref input, allowUtf8: true, out EsmtpParameter? parameter));
        Assert.Equal("\u00fc", parameter.Value);
        input = [(byte)'A', (byte)'=', 0xff];
        Assert.False(ParameterGrammar.TryRead(ref input, allowUtf8: true, out _));
    }
}
