using System;
using System.Text;
using Ehlo.App.Inbox;
using Ehlo.App.Tests.Console;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

public sealed class TraceFieldsTests
{
    [Fact]
    public void The_null_reverse_path_is_shown_as_such() =>
        Assert.StartsWith("Return-Path: <>\r\n", Format(Message() with { From = "" }), StringComparison.Ordinal);

    [Fact]
    public void More_than_one_recipient_is_not_told() => Assert.Contains(
        "with ESMTP id 7;\r\n\tWed, 01 Jul 2026 12:34:56 +0000\r\n",
        Format(ConsoleFixture.Message("", "a@b", "c@d", "e@f") with { Id = "7" }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("192.0.2.7", "from client.example ([192.0.2.7])\r\n")]
    [InlineData("::ffff:192.0.2.7", "from client.example ([192.0.2.7])\r\n")]
    [InlineData("2001:db8::7", "from client.example ([IPv6:2001:db8::7])\r\n")]
    [InlineData("", "from client.example\r\n")]
    public void The_peers_address_is_a_literal(string address, string clause) =>
        Assert.Contains(clause, Format(Message() with { PeerAddress = address }), StringComparison.Ordinal);

    [Theory]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("my_pc", "my_pc")]
    [InlineData("a) by evil (", "unknown")]
    [InlineData("x;", "unknown")]
    public void A_hello_that_could_break_the_field_is_left_out(string name, string shown) =>
        Assert.Contains($"from {shown} (", Format(Message() with { Hello = new HelloFacts("EHLO", name) }), StringComparison.Ordinal);

    [Fact]
    public void The_date_is_in_UTC() => Assert.Contains(
        "Wed, 01 Jul 2026 10:34:56 +0000",
        Format(Message() with { ReceivedAt = new DateTimeOffset(2026, 7, 1, 12, 34, 56, TimeSpan.FromHours(2)) }),
        StringComparison.Ordinal);

    [Fact]
    public void An_address_with_a_line_end_begins_no_field() =>
        Assert.DoesNotContain("\r\nX:", Format(Message() with { From = "a\r\nX: y" }), StringComparison.Ordinal);

    private static StoredMessage Message() => ConsoleFixture.Message() with { Id = "7" };

    private static string Format(StoredMessage message) => Encoding.UTF8.GetString(TraceFields.Format(message));
}
