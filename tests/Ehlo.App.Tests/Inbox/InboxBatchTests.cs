using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

public sealed class InboxBatchTests
{
    [Fact]
    public async Task What_is_queued_during_a_flush_shares_the_next_one()
    {
        await using TestInbox inbox = TestInbox.Create();
        using var flushing = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        int flushes = 0;
        inbox.Before = (operation, _) =>
        {
            if (operation == FileOperation.Flush && Interlocked.Increment(ref flushes) == 1)
            {
                flushing.Release();
                goOn.Wait();
            }
        };
        var adding = new List<Task<StoredMessage>> { inbox.AddAsync("the first") };
        await flushing.WaitAsync();
        for (int i = 0; i < 64; i++)
        {
            adding.Add(inbox.AddAsync("message " + i));
        }
        Assert.DoesNotContain(adding, task => task.IsCompleted);
        goOn.Set();
        StoredMessage[] added = await Task.WhenAll(adding);

        Assert.Equal(2, flushes);
        Assert.Equal(2, inbox.Store.Batches);
        Assert.Equal(added.Select(message => message.Id).Order(StringComparer.Ordinal), added.Select(message => message.Id));
        Assert.Equal(added.Reverse().Select(message => message.Subject), inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task Those_who_were_answered_are_waited_for_so_that_they_share_a_flush_with_those_who_came_meanwhile()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with
        {
            MinGathering = TimeSpan.FromMinutes(1),
            MaxGathering = TimeSpan.FromMinutes(1),
        });
        using SemaphoreSlim flushing = new(0);
        using ManualResetEventSlim goOn = new();
        HangInFlushes(inbox, flushing, goOn);
        TimeSpan patience = TimeSpan.FromSeconds(20); // Less than a wait that nobody ends.
        Task<StoredMessage> first = inbox.AddAsync("the first");
        await flushing.WaitAsync();
        Task[] meanwhile = [inbox.AddAsync("the second"), inbox.AddAsync("the third")];
        goOn.Set();
        await first;
        await Task.WhenAll([.. meanwhile, inbox.AddAsync("the first again")]).WaitAsync(patience);
        Assert.Equal(2, inbox.Store.Batches);

        // A deletion waits for nobody, and neither does who is alone after it.
        Task last = inbox.AddAsync("the last");
        await inbox.Store.DeleteAllAsync(CancellationToken.None).AsTask().WaitAsync(patience);
        await last;
        await inbox.AddAsync("alone").WaitAsync(patience);
        await inbox.AddAsync("alone again").WaitAsync(patience);
        Assert.Equal(5, inbox.Store.Batches);
    }

    [Fact]
    public async Task A_batch_and_the_queue_have_limits_and_who_finds_no_place_waits_for_one()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { QueuedRequests = 4, BatchMessages = 3 });
        using SemaphoreSlim flushing = new(0);
        using ManualResetEventSlim goOn = new();
        HangInFlushes(inbox, flushing, goOn);
        var adding = new List<Task<StoredMessage>> { inbox.AddAsync("the first") };
        await flushing.WaitAsync();
        adding.AddRange(Enumerable.Range(0, 9).Select(i => inbox.AddAsync("message " + i)));
        using var cancellation = new CancellationTokenSource();
        using ContentWriter content = inbox.Store.BeginContent();
        Task abandoned = inbox.Store.AddAsync(TestInbox.Message("abandoned"), content, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);

        goOn.Set();
        await Task.WhenAll(adding);

        Assert.True(inbox.Store.Batches >= 4, "ten messages in batches of at most three");
        Assert.Equal(10, inbox.SubjectsOfWholeMessages().Count);
    }

    /// <summary>The disk hangs in its first flush while mail goes on arriving.</summary>
    [Fact]
    public async Task What_waits_for_a_slow_disk_holds_no_more_memory_than_it_may_and_is_all_stored()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { HeldOctetsInAll = 100_000 });
        using SemaphoreSlim flushing = new(0);
        using ManualResetEventSlim goOn = new();
        HangInFlushes(inbox, flushing, goOn);
        var adding = new List<Task<StoredMessage>> { inbox.AddAsync("the first") };
        await flushing.WaitAsync();
        long most = 0;
        for (int i = 0; i < 100; i++)
        {
            adding.Add(inbox.AddAsync("message " + i, 5000));
            most = long.Max(most, inbox.Store.HeldOctets);
        }
        goOn.Set();
        await Task.WhenAll(adding);

        Assert.InRange(most, 90_000, 100_000);
        Assert.Equal(101, inbox.SubjectsOfWholeMessages().Count);
        Assert.Equal(0, inbox.Store.HeldOctets);
        using (ContentWriter dropped = inbox.Store.BeginContent())
        {
            dropped.Append(new byte[1000]);
            Assert.InRange(inbox.Store.HeldOctets, 1000, 100_000);
        }
        Assert.Equal(0, inbox.Store.HeldOctets);
    }

    [Fact]
    public async Task Many_adders_readers_and_deleters_at_once_lose_and_mix_nothing()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { SegmentOctets = 20_000 });
        int deleted = 0;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(adder => Task.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                string subject = $"{adder}/{i}";
                int size = (adder + i) % 8 == 0 ? 40_000 + i : 100 * i;
                StoredMessage added = await inbox.AddAsync(subject, size);
                Assert.Equal(TestInbox.Octets(subject, size), inbox.Read(added.Id));
                if (i % 3 == 0)
                {
                    Assert.True(await inbox.Store.DeleteAsync(added.Id, CancellationToken.None));
                    Interlocked.Increment(ref deleted);
                    Assert.Null(inbox.Store.OpenContent(added.Id));
                }
            }
        })));
        Assert.True(inbox.Store.Batches < 320, "320 messages of 32 adders shared no flush at all");
        await inbox.ReopenAsync();
        Assert.Equal(320 - deleted, inbox.SubjectsOfWholeMessages().Distinct().Count());
    }

    [Fact]
    public async Task Requests_are_carried_out_in_the_order_of_their_arrival()
    {
        await using TestInbox inbox = TestInbox.Create();
        using var goOn = new ManualResetEventSlim();
        inbox.Before = (_, _) => goOn.Wait();
        Task first = inbox.AddAsync("before");
        Task deleting = inbox.Store.DeleteAllAsync(CancellationToken.None).AsTask();
        Task second = inbox.AddAsync("after");
        goOn.Set();
        await Task.WhenAll(first, deleting, second);
        Assert.Equal(["after"], inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task Closing_writes_what_is_queued()
    {
        await using TestInbox inbox = TestInbox.Create();
        Task[] adding = [.. Enumerable.Range(0, 50).Select(i => inbox.AddAsync("message " + i))];
        await inbox.ReopenAsync();
        await Task.WhenAll(adding);
        Assert.Equal(50, inbox.SubjectsOfWholeMessages().Count);
    }

    private static void HangInFlushes(TestInbox inbox, SemaphoreSlim flushing, ManualResetEventSlim goOn) => inbox.Before = (operation, _) =>
    {
        if (operation == FileOperation.Flush)
        {
            flushing.Release();
            goOn.Wait();
        }
    };
}
