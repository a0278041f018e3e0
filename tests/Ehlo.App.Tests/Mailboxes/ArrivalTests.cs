using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Ehlo.App.Inbox;
using Ehlo.App.Mailboxes;
using Ehlo.App.Search;
using Ehlo.App.Tests.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Mailboxes;

/// <summary>In which mailbox a message belongs, and which tags it gets.</summary>
public sealed class ArrivalTests
{
    private const string Listener = "127.0.0.1:2525";

    private static readonly StoredMessage Message = TestInbox.Message("Nightly build 17 failed") with
    {
        From = "ci@builds.example",
        To = ["dev+Team-A+urgent@mx.example", "ops@mx.example"],
        Identity = "app-a",
        PeerAddress = "10.1.2.3",
        Size = 5000,
    };

    [Fact]
    public void The_first_mailbox_with_a_rule_that_matches_takes_the_message()
    {
        Assert.Equal("Inbox", MailboxOf());
        Assert.Equal("a", MailboxOf(new MailboxRule { Recipient = "OPS@*" }));
        Assert.Equal("a", MailboxOf(new MailboxRule { Recipient = "nobody@*" }, new MailboxRule { Identity = "app-*" }));
        Assert.Equal("b", MailboxOf(new MailboxRule { Recipient = "nobody@*" }));
        Assert.Equal("a", MailboxOf(new MailboxRule { HeaderName = "x-run", HeaderValue = "17-*" }));
        Assert.Equal("b", MailboxOf(new MailboxRule { HeaderName = "X-Run", HeaderValue = "18-*" }));
        Assert.Equal("b", MailboxOf(new MailboxRule { HeaderName = "X-Other" }));
        Assert.Equal("a", MailboxOf(new MailboxRule { Source = [IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("10.0.0.0/8")] }));
        Assert.Equal("b", MailboxOf(new MailboxRule { Source = [IPNetwork.Parse("192.0.2.0/24")] }));
        Assert.Equal("a", MailboxOf(new MailboxRule { Listener = Listener }));
        Assert.Equal("b", MailboxOf(new MailboxRule { Listener = "127.0.0.1:2526" }));
    }

    [Fact]
    public void All_that_a_rule_gives_must_match()
    {
        MailboxRule rule = new() { Recipient = "ops@*", Identity = "app-a", HeaderName = "X-Run", Listener = Listener };
        Assert.Equal("a", MailboxOf(rule));
        Assert.Equal("b", MailboxOf(rule with { Identity = "app-b" }));
        Assert.Equal("b", MailboxOf(rule with { Recipient = "ops" }));
    }

    [Fact]
    public void Who_has_no_identity_and_no_address_matches_no_rule_about_them()
    {
        StoredMessage anonymous = Message with { Identity = null, PeerAddress = "" };
        Assert.Equal("Inbox", NewArrival(new MailboxRule { Identity = "*" }).Arrange(anonymous, Listener, NoHeader).Mailbox);
        Assert.Equal("Inbox", NewArrival(new MailboxRule { Source = [IPNetwork.Parse("0.0.0.0/0")] }).Arrange(anonymous, Listener, NoHeader).Mailbox);
    }

    [Fact]
    public void Tags_come_from_plus_addresses_and_X_Tags()
    {
        Assert.Equal(["Team-A", "urgent", "red", "build 17"], TagsOf(new TagOptions()));
        Assert.Equal(["Team-A", "urgent"], TagsOf(new TagOptions { XTags = false }));
        Assert.Equal(["red", "URGENT", "build 17", "app-a"], TagsOf(new TagOptions { PlusAddress = false, Identity = true }));
        Assert.Empty(TagsOf(new TagOptions { PlusAddress = false, XTags = false }));
    }

    [Fact]
    public void A_stranger_can_ask_for_so_many_tags_and_no_more()
    {
        StoredMessage message = Message with { To = [.. Enumerable.Range(0, 1000).Select(i => $"a+tag-{i}@x")] };
        Assert.Equal(TagName.MaxOfMessage, new Arrival([], new TagOptions()).Arrange(message, Listener, NoHeader).Tags.Count);
    }

    [Theory]
    [InlineData("from:ci@builds", true)]
    [InlineData("from:builds@ci", false)]
    [InlineData("subject:\"nightly build\" -subject:passed", true)]
    [InlineData("subject:\"nightly buil\"", false)]
    [InlineData("subject:nightly buil", true)]
    [InlineData("-from:ci", false)]
    [InlineData("to:ops cc:boss reply-to:answers message-id:m1", true)]
    [InlineData("bcc:ops", true)]
    [InlineData("bcc:dev", false)]
    [InlineData("addressed:boss larger:4k smaller:5001 mailbox:inbox", true)]
    [InlineData("larger:5000", false)]
    [InlineData("before:2026-03-02 after:2026-03-01", true)]
    [InlineData("before:2026-03-01", false)]
    [InlineData("FAILED", true)]
    [InlineData("ailed", false)]
    public void A_filter_tags_what_it_finds(string search, bool isTagged)
    {
        TagOptions options = new() { PlusAddress = false, XTags = false, Filters = [new(ArrivalFilter.Parse(search), ["found"])] };
        Assert.Equal(isTagged ? ["found"] : [], TagsOf(options));
    }

    [Theory]
    [InlineData("")]
    [InlineData("is:unread")]
    [InlineData("has:attachment")]
    [InlineData("tag:x")]
    [InlineData("from:")]
    public void A_filter_asks_for_what_is_known_when_a_message_arrives(string search) =>
        Assert.Throws<SearchException>(() => ArrivalFilter.Parse(search));

    [Fact]
    public void Words_are_compared_without_case()
    {
        Assert.Equal(["grüsse", "aus", "zürich", "42", "привет"], SearchWords.Of("Grüsse aus «Zürich»—42 ПРИВЕТ"));
        Assert.Empty(SearchWords.Of("@.- \ud800"));
    }

    private static string? NoHeader(string name) => null;

    private static string? Header(string name) => new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["X-Run"] = " 17-nightly ",
        ["X-Tags"] = "red, URGENT,build 17,, no\"tag",
        ["To"] = "Developers <dev+Team-A+urgent@mx.example>",
        ["Cc"] = "Boss <boss@mx.example>",
        ["Reply-To"] = "answers@builds.example",
        ["Message-Id"] = "<m1@builds.example>",
    }.GetValueOrDefault(name);

    private static Arrival NewArrival(params MailboxRule[] rules) => new([new MailboxOptions { Name = "a", Rules = rules }], new TagOptions());

    private static string MailboxOf(params MailboxRule[] rules)
    {
        MailboxOptions last = new() { Name = "b", Rules = rules.Length == 0 ? [] : [new MailboxRule()] };
        return new Arrival([new() { Name = "a", Rules = rules }, last], new TagOptions()).Arrange(Message, Listener, Header).Mailbox;
    }

    private static IReadOnlyList<string> TagsOf(TagOptions options) => new Arrival([], options).Arrange(Message, Listener, Header).Tags;
}
