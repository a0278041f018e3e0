using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.App.Configuration;
using Ehlo.App.Mailboxes;
using Xunit;

namespace Ehlo.App.Tests.Configuration;

/// <summary>The keys Mailboxes, Tags and Retention.</summary>
public sealed class MailboxesReaderTests
{
    private static readonly ListenerOptions Listener = new() { Endpoint = EndpointAddress.Loopback(2525), Name = "127.0.0.1:2525" };

    [Fact]
    public void Every_key_of_a_mailbox_is_read()
    {
        MailboxOptions[] mailboxes = [.. ReadMailboxes("""
            { "Mailboxes": [
              { "Name": "team-a", "Users": ["ann", "bob"],
                "Rules": [ { "Recipient": "*@a.example", "Identity": "app-*", "Header": "X-Run: 17-*", "Source": ["10.0.0.0/8", "::1"],
                             "Listener": "127.0.0.1:2525" }, { "Header": "X-Run" }, {} ],
                "Retention": { "MaxAge": "7.00:00:00", "MaxMessages": 100, "MaxOctets": 1000000 } },
              { "name": "INBOX", "retention": { "maxAge": null } }
            ] }
            """)];
        Assert.Equal(["team-a", "Inbox"], mailboxes.Select(mailbox => mailbox.Name));
        MailboxRule rule = mailboxes[0].Rules[0];
        Assert.Equal(("*@a.example", "app-*", "X-Run", "17-*"), (rule.Recipient, rule.Identity, rule.HeaderName, rule.HeaderValue));
        Assert.Equal(["10.0.0.0/8", "::1/128"], rule.Source.Select(network => network.ToString()));
        Assert.Equal("127.0.0.1:2525", rule.Listener);
        Assert.Equal(("X-Run", "*"), (mailboxes[0].Rules[1].HeaderName, mailboxes[0].Rules[1].HeaderValue));
        Assert.Equal(["ann", "bob"], mailboxes[0].Users!);
        Assert.Equal(new() { MaxAge = TimeSpan.FromDays(7), MaxMessages = 100, MaxOctets = 1_000_000 }, mailboxes[0].Retention);
        Assert.True(mailboxes[1].Retention.KeepsAll);
        Assert.Null(mailboxes[1].Users);
        Assert.Empty(ReadMailboxes("{}"));
    }

    [Theory]
    [InlineData("""{ "Mailboxes": [ { "Rules": [{}] } ] }""", "Mailboxes[0].Name: is missing")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a/b", "Rules": [{}] } ] }""", "Mailboxes[0].Name: must be 1 to 64 letters")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Rules": [{}] }, { "Name": "A", "Rules": [{}] } ] }""",
        "Mailboxes[1].Name: given to two mailboxes")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a" } ] }""", "Mailboxes[0].Rules: must hold at least one rule")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Rules": [{}, { "Sauce": [] }] } ] }""", "Mailboxes[0].Rules[1].Sauce: unknown key")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Rules": [{ "Source": [] }] } ] }""", "Mailboxes[0].Rules[0].Source: must hold at least")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Rules": [{ "Source": ["x"] }] } ] }""", "Mailboxes[0].Rules[0].Source[0]: \"x\" is not")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Rules": [{ "Header": ": x" }] } ] }""", "Mailboxes[0].Rules[0].Header: must be the name")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Rules": [{ "Listener": "127.0.0.1:1" }] } ] }""",
        "Mailboxes[0].Rules[0].Listener: \"127.0.0.1:1\" is not the endpoint of a listener")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Rules": [{}], "Retention": { "MaxAge": "1 week" } } ] }""",
        "Mailboxes[0].Retention.MaxAge: must be a time as hours:minutes:seconds")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Rules": [{}], "Retention": { "MaxCount": 1 } } ] }""",
        "Mailboxes[0].Retention.MaxCount: unknown key")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Rules": [{}], "Retention": { "MaxMessages": 0 } } ] }""",
        "Mailboxes[0].Retention.MaxMessages: must be a whole number from 1")]
    public void What_is_wrong_is_named_with_its_path(string json, string problem) =>
        Assert.StartsWith(problem, Assert.Single(ProblemsOf(json, root => new MailboxesReader([Listener]).Read(root))), StringComparison.Ordinal);

    [Fact]
    public void Every_key_of_the_tags_is_read()
    {
        TagOptions tags = Read("""
            { "PlusAddress": false, "XTags": false, "Identity": true, "Filters": [ { "Search": "from:ci", "Tags": ["ci", "build 1"] } ] }
            """, MailboxesReader.ReadTags, []);
        Assert.Equal((false, false, true), (tags.PlusAddress, tags.XTags, tags.Identity));
        Assert.Equal(["ci", "build 1"], tags.Filters.Single().Tags);
    }

    [Theory]
    [InlineData("""{ "Filters": [ { "Tags": ["x"] } ] }""", "Filters[0].Search: is missing")]
    [InlineData("""{ "Filters": [ { "Search": "x" } ] }""", "Filters[0].Tags: must hold at least one tag")]
    [InlineData("""{ "Filters": [ { "Search": "x", "Tags": ["a", "b\"c"] } ] }""", "Filters[0].Tags[1]: must be 1 to 64 letters")]
    [InlineData("""{ "Filters": [ { "Search": "x form:me", "Tags": ["a"] } ] }""", "Filters[0].Search: There is no operator \"form:\"")]
    [InlineData("""{ "Plus": true }""", "Plus: unknown key")]
    public void What_is_wrong_with_the_tags_is_named_with_its_path(string json, string problem) =>
        Assert.StartsWith(problem, Assert.Single(ProblemsOf(json, MailboxesReader.ReadTags)), StringComparison.Ordinal);

    private static IReadOnlyList<MailboxOptions> ReadMailboxes(string json)
    {
        List<string> problems = [];
        IReadOnlyList<MailboxOptions> mailboxes = Read(json, root => new MailboxesReader([Listener]).Read(root), problems);
        Assert.Empty(problems);
        return mailboxes;
    }

    private static List<string> ProblemsOf<T>(string json, Func<SectionReader, T> read)
    {
        List<string> problems = [];
        Read(json, read, problems);
        return problems;
    }

    private static T Read<T>(string json, Func<SectionReader, T> read, List<string> problems) =>
        read(new SectionReader(ConfigurationTree.Parse(Encoding.UTF8.GetBytes(json), "x", problems), "", problems));
}
