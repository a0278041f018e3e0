using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

public sealed class InboxWaitTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_newest_message_that_is_there_answers_at_once_with_its_dialogue()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("wanted, older");
        using ContentWriter content = inbox.Store.BeginContent();
        StoredMessage wanted = await inbox.Store.AddAsync(InboxStoreTests.Full with { Subject = "Wanted" }, content, default);
        await inbox.AddAsync("another");

        Task<StoredMessage?> found = inbox.Store.WaitAsync(new MessageFilter("TWO@mx", "from@", "wANTED"), TimeSpan.Zero, default);

        Assert.True(found.IsCompleted);
        InboxStoreTests.AssertSame(wanted, await found);
    }

    [Fact]
    public async Task A_message_that_comes_later_answers_those_it_matches()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("there already");
        Task<StoredMessage?> wanted = inbox.Store.WaitAsync(new MessageFilter(null, null, "wanted"), Timeout, default);
        Task<StoredMessage?> other = inbox.Store.WaitAsync(new MessageFilter("nobody@", null, null), Timeout, default);

        await inbox.AddAsync("not this one");
        StoredMessage added = await inbox.AddAsync("Wanted");

        Assert.Equal(added.Id, (await wanted)!.Id);
        Assert.False(other.IsCompleted);
        inbox.Time.Advance(Timeout);
        Assert.Null(await other);
    }

    [Fact]
    public async Task Nothing_comes_before_the_time_out_and_null_at_it()
    {
        await using TestInbox inbox = TestInbox.Create();
        Task<StoredMessage?> waiting = inbox.Store.WaitAsync(new MessageFilter(null, null, null), Timeout, default);
        inbox.Time.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        inbox.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await waiting);
    }

    /// <summary>Looking takes a while among so many recipients; the message is committed meanwhile, too late to be seen.</summary>
    [Fact]
    public async Task No_message_slips_through_between_looking_and_waiting()
    {
        await using TestInbox inbox = TestInbox.Create();
        string[] many = [.. Enumerable.Repeat("b@mx.example", 20_000)];
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddAsync(many)));
        for (int i = 0; i < 5; i++)
        {
            string recipient = $"wanted-{i}@mx.example";
            Task<StoredMessage> adding = AddAsync(recipient);
            Task<StoredMessage?> waiting = inbox.Store.WaitAsync(new MessageFilter(recipient, null, null), Timeout, default);
            StoredMessage added = await adding;
            inbox.Time.Advance(Timeout); // Else a message that was missed would be waited for without end.
            Assert.Equal(added.Id, (await waiting)?.Id);
        }

        async Task<StoredMessage> AddAsync(params string[] recipients)
        {
            using ContentWriter content = inbox.Store.BeginContent();
            return await inbox.Store.AddAsync(TestInbox.Message("x") with { To = recipients }, content, default);
        }
    }

    [Fact]
    public async Task A_wait_ends_with_its_token_and_with_the_store()
    {
        await using TestInbox inbox = TestInbox.Create();
        using var cancellation = new CancellationTokenSource();
        Task cancelled = inbox.Store.WaitAsync(new MessageFilter(null, null, null), Timeout, cancellation.Token);
        Task closed = inbox.Store.WaitAsync(new MessageFilter(null, null, null), Timeout, default);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await inbox.Store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => closed);
    }

    [Fact]
    public async Task Waits_have_a_limit_and_one_that_ended_makes_room()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { Waits = 1 });
        var filter = new MessageFilter(null, null, null);
        Task<StoredMessage?> first = inbox.Store.WaitAsync(filter, Timeout, default);
        await Assert.ThrowsAsync<InboxException>(() => inbox.Store.WaitAsync(filter, Timeout, default));
        inbox.Time.Advance(Timeout);
        await first;
        await inbox.Store.WaitAsync(filter, TimeSpan.Zero, default);
    }
}
