using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Tests.Inbox.Disk;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

/// <summary>
/// A run of the store is recorded down to each write, flush and name, SQLite's own among them. Then the power fails after any step of it,
/// and the disk keeps of what was not flushed what it likes. A seed that fails does so again.
/// </summary>
public sealed class InboxPowerCutTests
{
    // Some seconds' worth. EHLO_TEST_SEEDS gives another number, to be run for longer by hand.
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("EHLO_TEST_SEEDS") ?? "1000", CultureInfo.InvariantCulture);

    // Small enough that segments are followed by others, and SQLite's log is emptied and begun again, within a run.
    private static readonly InboxLimits Small = InboxLimits.Default with { SegmentOctets = 9000, CheckpointPages = 12, ReservedOctets = 100 };

    private static readonly Task<DiskStep[]> Steps = RecordRunAsync();

    [Fact]
    public async Task Whatever_a_power_cut_leaves_the_inbox_opens_and_has_each_message_that_was_acknowledged()
    {
        DiskStep[] steps = await Steps;
        int checkpoints = steps.Count(step => step is DiskStep.Flush { Path: "inbox/inbox.db" });
        Assert.True(checkpoints > 5, $"SQLite's log was emptied only {checkpoints} times");
        await Parallel.ForAsync(0, Seeds, async (seed, _) => Assert.Null(await FaultAsync(steps, seed, _ => false)));
    }

    /// <summary>A build without one of its flushes, which is here a record without them, must not stay unnoticed.</summary>
    [Theory]
    [InlineData("the segment of small messages")]
    [InlineData("the segment of a large message")]
    [InlineData("names in inbox/content")]
    [InlineData("inbox/inbox.db-wal")]
    [InlineData("inbox/inbox.db")]
    [InlineData("inbox/format.new")]
    [InlineData("names in inbox")]
    [InlineData("names in .")]
    public async Task A_flush_that_is_left_out_loses_a_message(string flush)
    {
        DiskStep[] steps = await Steps;
        HashSet<DiskStep> dropped = new(steps.Where(step => NameOf(steps, step) == flush), ReferenceEqualityComparer.Instance);
        Assert.NotEmpty(dropped);
        string? fault = null;
        for (int seed = 0; seed < Seeds && fault is null; seed++)
        {
            fault = await FaultAsync(steps, seed, dropped.Contains);
        }
        Assert.NotNull(fault);
    }

    /// <summary>The names of those above, so that a flush that is new, or one that is gone, is noticed.</summary>
    [Fact]
    public async Task Each_flush_is_one_of_those_that_are_left_out_in_turn()
    {
        DiskStep[] steps = await Steps;
        string[] harmless =
        [
            "inbox/reserve", // Of no worth after a power cut; it is flushed to learn whether there is room for it.
            "inbox/inbox.db-journal", // Of the transaction that makes the database a logged one, before anything is in it.
        ];
        string[] leftOut = [.. typeof(InboxPowerCutTests).GetMethod(nameof(A_flush_that_is_left_out_loses_a_message))!
            .GetCustomAttributes(typeof(InlineDataAttribute), inherit: false).Cast<InlineDataAttribute>().Select(data => (string)data.Data[0]!)];
        Assert.Equal(
            leftOut.Concat(harmless).Order(StringComparer.Ordinal),
            steps.Select(step => NameOf(steps, step)).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    private static string? NameOf(DiskStep[] steps, DiskStep step) => step switch
    {
        DiskStep.FlushFolder flush => $"names in {flush.Path}",
        DiskStep.Flush { Path: var path } when !path.EndsWith(".seg", StringComparison.Ordinal) => path,
        DiskStep.Flush { Path: var path } => steps.OfType<DiskStep.Write>().Where(write => write.Path == path).Sum(write => write.Octets.Length)
            > Small.HeldOctets ? "the segment of a large message" : "the segment of small messages",
        _ => null,
    };

    private static async Task<string?> FaultAsync(DiskStep[] steps, int seed, Func<DiskStep, bool> isDropped)
    {
        // In memory where there is such a folder: nothing here depends on what a real disk does.
        string folder = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), Path.GetRandomFileName());
        string nothing = Directory.CreateDirectory(Path.Combine(folder, "nothing")).FullName;
        string first = Path.Combine(folder, "first");
        Random random = new(seed);
        DiskStep[] done = steps[..random.Next(steps.Length + 1)];
        try
        {
            CrashedDisk disk = new(nothing, done, isDropped);
            disk.Write(new Random(seed), first);
            DiskStep[] more = await UseAsync(first, done);
            if (seed % 4 == 0)
            {
                // The power fails again, in the middle of what is done at the start or soon after.
                disk.Write(new Random(seed), first + "-before");
                more = more[..random.Next(more.Length + 1)];
                new CrashedDisk(first + "-before", more, isDropped).Write(random, first + "-again");
                await UseAsync(first + "-again", [.. done, .. more]);
            }
            return null;
        }
        catch (Exception exception)
        {
            return $"seed {seed}, cut after step {done.Length}, {done.LastOrDefault()}: {exception}";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Opens the inbox, holds it to what was promised, and adds a message. Returns the steps of all that.</summary>
    private static async Task<DiskStep[]> UseAsync(string folder, DiskStep[] before)
    {
        DiskRecord record = new(folder);
        using IDisposable recording = RecordingLayer.Begin(record);
        await using (InboxStore store = Open(record))
        {
            CheckPromises(store, before);
            await new Run(record, store).AddAsync("after the cut", 500);
            CheckPromises(store, record.Steps);
        }
        return [.. record.Steps];
    }

    private static void CheckPromises(InboxStore store, IReadOnlyList<DiskStep> steps)
    {
        foreach (DiskStep.Promise promise in steps.OfType<DiskStep.Promise>().GroupBy(promise => promise.Id).Select(said => said.Last()))
        {
            StoredMessage? message = store.Find(promise.Id);
            if (promise.Kind == PromiseKind.IsGone)
            {
                Assert.Null(message);
            }
            else if (promise.Kind == PromiseKind.IsThere)
            {
                Assert.True(message is not null, $"{promise.Id} was acknowledged and is not there");
                Assert.Equal(promise.Octets, Read(store, message.Id));
            }
        }
        // What was not acknowledged is there whole, or not at all.
        IReadOnlyList<StoredMessage> all = store.List(1000, null);
        foreach (StoredMessage message in all)
        {
            Assert.Equal(TestInbox.Octets(message.Subject, (int)message.Size), Read(store, message.Id));
            Assert.Equal($"EHLO {message.Subject}", store.Find(message.Id)!.Dialogue![0].Line);
        }
        Assert.Equal(all.Count, store.Mailboxes().Sum(mailbox => mailbox.Messages));
    }

    private static byte[] Read(InboxStore store, string id)
    {
        using Stream content = store.OpenContent(id)!;
        MemoryStream octets = new();
        content.CopyTo(octets);
        return octets.ToArray();
    }

    private static InboxStore Open(DiskRecord record) => InboxStore.Open(
        Path.Combine(record.Root, "inbox"), new FakeTimeProvider(TestInbox.Message("").ReceivedAt), Small, new RecordingFiles(record));

    private static async Task<DiskStep[]> RecordRunAsync()
    {
        DiskRecord record = new(Directory.CreateTempSubdirectory("ehlo-power-").FullName);
        using IDisposable recording = RecordingLayer.Begin(record);
        await using (InboxStore store = Open(record))
        {
            Run run = new(record, store);
            await run.AddAsync("first", 1000);
            await run.AddAsync("large", 70_000);
            await run.AddAsync("empty", 0);
            string deleted = await run.AddAsync("deleted", 2500);
            await run.AddTogetherAsync(("a", 900), ("b", 40_000), ("c", 1500), ("d", 10), ("e", 4000));
            await run.DeleteAsync(deleted);
            await run.DeleteAsync(await run.AddAsync("large and deleted", 50_000));
            for (int i = 0; i < 12; i++)
            {
                await run.AddAsync($"one of many {i}", 700 * i);
            }
        }
        await using (InboxStore store = Open(record))
        {
            Run run = new(record, store);
            await run.AddTogetherAsync([.. Enumerable.Range(0, 20).Select(i => ($"together {i}", 300 * i))]);
            foreach (StoredMessage message in store.List(15, null))
            {
                await run.DeleteAsync(message.Id);
            }
            await store.EditAsync(InboxQuery.All, new MessageEdit { IsRead = true }, CancellationToken.None);
            await run.AddAsync("last", 1234);
        }
        Directory.Delete(record.Root, recursive: true);
        return [.. record.Steps];
    }

    /// <summary>A run of the store, whose promises go into the record.</summary>
    private sealed class Run(DiskRecord record, InboxStore store)
    {
        public async Task<string> AddAsync(string subject, int size)
        {
            byte[] octets = TestInbox.Octets(subject, size);
            StoredMessage message = TestInbox.Message(subject);
            using ContentWriter content = store.BeginContent();
            content.Append(octets);
            DialogueLine line = new(message.ReceivedAt, "client", $"EHLO {subject}");
            StoredMessage added = await store.AddAsync(message with { Dialogue = [line] }, content, CancellationToken.None);
            record.Add(new DiskStep.Promise(added.Id, PromiseKind.IsThere, octets));
            return added.Id;
        }

        public Task<string[]> AddTogetherAsync(params (string Subject, int Size)[] messages) =>
            Task.WhenAll(messages.Select(message => AddAsync(message.Subject, message.Size)));

        public async Task DeleteAsync(string id)
        {
            record.Add(new DiskStep.Promise(id, PromiseKind.IsOpen));
            Assert.True(await store.DeleteAsync(id, CancellationToken.None));
            record.Add(new DiskStep.Promise(id, PromiseKind.IsGone));
        }
    }
}
