using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

/// <summary>The feed of changes: what it tells, to whom, and what becomes of a reader that is slow.</summary>
public sealed class InboxChangesTests
{
    private static readonly MessageEdit Read = new() { IsRead = true };

    [Fact]
    public async Task Everything_that_happens_is_told_in_its_order()
    {
        await using TestInbox inbox = TestInbox.Create();
        using ChangeSubscription changes = inbox.Store.Changes.Subscribe();
        string first = (await inbox.AddAsync("first")).Id;
        await inbox.AddAsync("second");
        await inbox.Store.EditAsync(Only(first), Read, default);
        await inbox.Store.EditAsync(Only(first), Read, default); // Changes nothing, so it is no change.
        await inbox.Store.DeleteAsync(first, default);
        await inbox.Store.DeleteAsync(first, default);
        await inbox.Store.DeleteAllAsync(default);

        List<InboxChange> told = Take(changes);

        Assert.Equal(
            [
                InboxChangeKind.Added, InboxChangeKind.Added, InboxChangeKind.Changed, InboxChangeKind.Deleted, InboxChangeKind.Emptied,
            ],
            told.Select(change => change.Kind));
        Assert.Equal(["first", "second"], told.SelectMany(change => change.Messages).Select(message => message.Subject));
        Assert.Equal([first, first], told.SelectMany(change => change.Ids));
        Assert.Same(Read, told[2].Edit);
        Assert.Equal(told.Select(change => change.Number).Distinct().Order(), told.Select(change => change.Number));
        Assert.Equal(["Inbox", "Inbox", "Inbox", "Inbox", null], told.Select(change => change.Mailbox));
    }

    [Fact]
    public async Task A_reader_that_waits_is_told_and_one_of_a_closed_store_comes_to_an_end()
    {
        await using TestInbox inbox = TestInbox.Create();
        ChangeSubscription changes = inbox.Store.Changes.Subscribe();
        var told = new List<InboxChangeKind>();
        Task reading = Task.Run(async () =>
        {
            await foreach (InboxChange change in changes.ReadAllAsync(default))
            {
                told.Add(change.Kind);
            }
        });
        await inbox.AddAsync("x");
        await inbox.Store.DeleteAllAsync(default);
        await inbox.Store.DisposeAsync();
        await reading;
        Assert.Equal([InboxChangeKind.Added, InboxChangeKind.Emptied], told);
        Assert.Throws<ObjectDisposedException>(() => inbox.Store.Changes.Subscribe());
    }

    [Fact]
    public async Task Who_falls_behind_is_told_once_to_read_anew_and_holds_little()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { QueuedChanges = 6 });
        using ChangeSubscription slow = inbox.Store.Changes.Subscribe();
        for (int i = 0; i < 4; i++)
        {
            await inbox.AddAsync("message " + i);
        }
        List<InboxChange> told = Take(slow);
        Assert.Equal([InboxChangeKind.ReadAnew], told.Select(change => change.Kind));
        Assert.Equal(inbox.Store.Changes.LastNumber, told[0].Number);

        await inbox.AddAsync("after it has read");
        Assert.Equal([InboxChangeKind.Added], Take(slow).Select(change => change.Kind));
    }

    [Fact]
    public async Task A_subscription_to_mailboxes_hears_of_them_alone_and_of_what_is_about_all()
    {
        await using TestInbox inbox = TestInbox.Create();
        using ChangeSubscription changes = inbox.Store.Changes.Subscribe(MailboxName.SetOf("RUN-1"));
        string one = (await inbox.AddAsync(TestInbox.Message("one") with { Mailbox = "run-1" })).Id;
        string two = (await inbox.AddAsync(TestInbox.Message("two") with { Mailbox = "run-2" })).Id;
        await inbox.Store.EditAsync(Only(one, two), Read, default);
        await inbox.Store.DeleteAsync(Only(one, two), default);
        await inbox.Store.DeleteAllAsync(default);

        List<InboxChange> told = Take(changes);

        Assert.Equal(
            [InboxChangeKind.Added, InboxChangeKind.Changed, InboxChangeKind.Deleted, InboxChangeKind.Emptied],
            told.Select(change => change.Kind));
        Assert.Equal([one, one], told.SelectMany(change => change.Ids));
        Assert.DoesNotContain(told, change => change.Messages.Any(message => message.Id == two));
    }

    [Fact]
    public async Task Subscriptions_have_a_limit_and_one_that_ended_makes_room()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { Subscriptions = 1 });
        ChangeSubscription first = inbox.Store.Changes.Subscribe();
        Assert.Throws<InboxException>(() => inbox.Store.Changes.Subscribe());
        first.Dispose();
        inbox.Store.Changes.Subscribe().Dispose();
    }

    [Fact]
    public async Task Dialogues_are_not_held_by_a_queue()
    {
        await using TestInbox inbox = TestInbox.Create();
        using ChangeSubscription changes = inbox.Store.Changes.Subscribe();
        using ContentWriter content = inbox.Store.BeginContent();
        StoredMessage added = await inbox.Store.AddAsync(InboxStoreTests.Full, content, default);
        Assert.NotNull(added.Dialogue);
        InboxStoreTests.AssertSame(added with { Dialogue = null }, Take(changes).Single().Messages.Single());
    }

    private static InboxQuery Only(params string[] ids) => new() { Ids = ids };

    private static List<InboxChange> Take(ChangeSubscription changes)
    {
        var told = new List<InboxChange>();
        while (changes.TryRead(out InboxChange? change))
        {
            told.Add(change);
        }
        return told;
    }
}
