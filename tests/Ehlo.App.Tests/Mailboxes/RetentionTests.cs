using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Mailboxes;
using Ehlo.App.Tests.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Mailboxes;

/// <summary>What is deleted by itself, and above all what is not.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task The_oldest_go_when_there_are_too_many()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { EditedMessages = 3 });
        await FillAsync(inbox, 10, 100);
        await ApplyAsync(inbox, new() { MaxMessages = 10 });
        Assert.Equal(10, inbox.SubjectsOfWholeMessages().Count);
        await ApplyAsync(inbox, new() { MaxMessages = 3 });
        Assert.Equal(["message 9", "message 8", "message 7"], inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task The_oldest_go_when_they_have_too_many_octets()
    {
        await using TestInbox inbox = TestInbox.Create();
        await FillAsync(inbox, 10, 100);
        await ApplyAsync(inbox, new() { MaxOctets = 1000 });
        Assert.Equal(10, inbox.SubjectsOfWholeMessages().Count);
        await ApplyAsync(inbox, new() { MaxOctets = 999 });
        Assert.Equal(9, inbox.SubjectsOfWholeMessages().Count);
        await ApplyAsync(inbox, new() { MaxOctets = 250 });
        Assert.Equal(["message 9", "message 8"], inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task What_is_too_old_goes_and_not_a_moment_before()
    {
        await using TestInbox inbox = TestInbox.Create();
        DateTimeOffset start = inbox.Time.GetUtcNow();
        await inbox.AddAsync(TestInbox.Message("old") with { ReceivedAt = start });
        await inbox.AddAsync(TestInbox.Message("young") with { ReceivedAt = start.AddMinutes(1) });
        RetentionOptions day = new() { MaxAge = TimeSpan.FromDays(1) };
        await ApplyAsync(inbox, day, start.AddDays(1));
        Assert.Equal(["young", "old"], inbox.SubjectsOfWholeMessages());
        await ApplyAsync(inbox, day, start.AddDays(1).AddTicks(1));
        Assert.Equal(["young"], inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task A_mailbox_has_limits_of_its_own_and_the_others_are_not_touched()
    {
        await using TestInbox inbox = TestInbox.Create();
        for (int i = 0; i < 6; i++)
        {
            string mailbox = i % 2 == 0 ? "even" : "odd";
            await inbox.AddAsync(TestInbox.Message($"message {i}") with { Mailbox = mailbox, ReceivedAt = DateTimeOffset.UnixEpoch });
        }
        await RetentionRun.ApplyAsync(
            inbox.Store, MailboxName.SetOf("EVEN"), new() { MaxMessages = 1, MaxOctets = 5000 }, DateTimeOffset.UnixEpoch, default);
        Assert.Equal(["message 5", "message 4", "message 3", "message 1"], inbox.SubjectsOfWholeMessages());
        await RetentionRun.ApplyAsync(
            inbox.Store, MailboxName.SetOf("even"), new() { MaxAge = TimeSpan.FromDays(1) }, DateTimeOffset.UnixEpoch.AddDays(2), default);
        Assert.Equal(["message 5", "message 3", "message 1"], inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task Segments_go_with_the_last_message_that_is_due()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { SegmentOctets = 2000 });
        await FillAsync(inbox, 20, 1000);
        int before = inbox.Segments.Length;
        await ApplyAsync(inbox, new() { MaxMessages = 2 });
        Assert.True(inbox.Segments.Length <= 2, $"{inbox.Segments.Length} of {before} segments are left");
        Assert.Equal(2, inbox.SubjectsOfWholeMessages().Count);
    }

    /// <summary>Of any inbox exactly those stay that a reading of the rules by hand keeps.</summary>
    [Fact]
    public async Task What_stays_is_what_the_rules_say()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { EditedMessages = 4 });
        Gen.Select(Gen.Int[1, 2000].Array[0, 15], Gen.Int[1, 15], Gen.Long[1, 20_000], Gen.Int[0, 15]).Sample(
            (sizes, maxMessages, maxOctets, maxAge) => Check(sizes, maxMessages, maxOctets, maxAge), iter: 60, threads: 1);

        void Check(int[] sizes, int maxMessages, long maxOctets, int maxAge)
        {
            inbox.Store.DeleteAllAsync(default).AsTask().GetAwaiter().GetResult();
            DateTimeOffset now = DateTimeOffset.UnixEpoch.AddMinutes(sizes.Length);
            for (int i = 0; i < sizes.Length; i++)
            {
                StoredMessage message = TestInbox.Message($"{i}") with { ReceivedAt = DateTimeOffset.UnixEpoch.AddMinutes(i) };
                inbox.AddAsync(message, sizes[i]).GetAwaiter().GetResult();
            }
            RetentionOptions retention = new() { MaxMessages = maxMessages, MaxOctets = maxOctets, MaxAge = TimeSpan.FromMinutes(maxAge) };
            ApplyAsync(inbox, retention, now).GetAwaiter().GetResult();

            var expected = new List<string>();
            long octets = 0;
            for (int i = sizes.Length - 1; i >= 0 && expected.Count < maxMessages && sizes.Length - i <= maxAge; i--)
            {
                if (octets + sizes[i] > maxOctets)
                {
                    break;
                }
                expected.Add($"{i}");
                octets += sizes[i];
            }
            Assert.Equal(expected, inbox.SubjectsOfWholeMessages());
        }
    }

    [Theory]
    [InlineData("""{ "Retention": { "MaxMessages": 2 } }""", "message 2", "message 1")]
    [InlineData("""{ "Mailboxes": [ { "Name": "Inbox", "Retention": { "MaxAge": "01:00:00" } } ] }""")]
    public async Task It_runs_by_itself_as_mail_comes_and_as_time_goes_by(string json, params string[] expected)
    {
        await using TestInbox inbox = TestInbox.Create();
        ServeOptions options = Options(json);
        using ChangeSubscription changes = inbox.Store.Changes.Subscribe();
        await using RetentionRun run = RetentionRun.Start(inbox.Store, options, inbox.Time, text => Assert.Fail(text))!;
        for (int i = 0; i < 3; i++)
        {
            await inbox.AddAsync($"message {i}");
        }
        await UntilDeletedAsync(inbox, changes);
        Assert.Equal(expected, inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task Without_limits_nothing_runs()
    {
        await using TestInbox inbox = TestInbox.Create();
        Assert.Null(RetentionRun.Start(inbox.Store, Options("{}"), inbox.Time, Assert.Fail));
    }

    /// <summary>Time goes on in steps until the next deletion is told.</summary>
    private static async Task UntilDeletedAsync(TestInbox inbox, ChangeSubscription changes)
    {
        while (true)
        {
            while (changes.TryRead(out InboxChange? change))
            {
                if (change.Kind is InboxChangeKind.Deleted)
                {
                    return;
                }
            }
            inbox.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private static async Task FillAsync(TestInbox inbox, int count, int size)
    {
        for (int i = 0; i < count; i++)
        {
            await inbox.AddAsync($"message {i}", size);
        }
    }

    private static Task ApplyAsync(TestInbox inbox, RetentionOptions retention, DateTimeOffset? now = null) =>
        RetentionRun.ApplyAsync(inbox.Store, null, retention, now ?? inbox.Time.GetUtcNow(), CancellationToken.None);

    private static ServeOptions Options(string json)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, json);
        ServeOptions options = ConfigurationReader.Read(
            new ConfigurationSources { CurrentFolder = Path.GetTempPath(), File = file, Environment = new Dictionary<string, string>() }).Options;
        File.Delete(file);
        return options;
    }
}
