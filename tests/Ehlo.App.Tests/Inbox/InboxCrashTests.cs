using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

/// <summary>The disk is looked at before each file operation of a run, as it would be after a kill or a power cut at that moment.</summary>
public sealed class InboxCrashTests
{
    [Fact]
    public async Task After_a_kill_at_any_moment_every_message_that_was_acknowledged_is_whole()
    {
        await using TestInbox inbox = TestInbox.Create();
        var moments = new ConcurrentQueue<Moment>();
        var acknowledged = new HashSet<string>();
        inbox.Before = (operation, _) =>
        {
            string copy = Directory.CreateTempSubdirectory("ehlo-inbox-").FullName;
            TestInbox.CopyFolder(inbox.Folder, copy);
            moments.Enqueue(new Moment(operation, copy, [.. acknowledged]));
        };
        await RunAsync(inbox, acknowledged);
        inbox.Before = null;

        Assert.Equal(
            [
                FileOperation.Create, FileOperation.Write, FileOperation.Flush, FileOperation.FlushFolder, FileOperation.Delete,
                FileOperation.Commit,
            ],
            moments.Select(moment => moment.Operation).Distinct().Order());
        foreach (Moment moment in moments)
        {
            await CheckAsync(moment);
        }
    }

    /// <summary>
    /// The harshest disk: of a segment only what was flushed is left, and only if the flush of its folder followed. So each flush that
    /// is taken out of the code loses a message here. The database's own files are kept as they are: SQLite flushes them.
    /// </summary>
    [Fact]
    public async Task After_a_power_cut_at_any_moment_every_message_that_was_acknowledged_is_whole()
    {
        await using TestInbox inbox = TestInbox.Create();
        var moments = new ConcurrentQueue<Moment>();
        var acknowledged = new HashSet<string>();
        var flushed = new Dictionary<string, byte[]>();
        var named = new HashSet<string>();
        var gate = new Lock();
        inbox.Before = (operation, path) =>
        {
            lock (gate)
            {
                string copy = Directory.CreateTempSubdirectory("ehlo-inbox-").FullName;
                TestInbox.CopyFolder(inbox.Folder, copy);
                foreach (string segment in Directory.GetFiles(Path.Combine(copy, "content")))
                {
                    File.Delete(segment);
                }
                foreach (string segment in named.Where(flushed.ContainsKey))
                {
                    File.WriteAllBytes(Path.Combine(copy, "content", Path.GetFileName(segment)), flushed[segment]);
                }
                moments.Enqueue(new Moment(operation, copy, [.. acknowledged]));

                // The moment is before the operation; its effect is there at the next.
                if (operation == FileOperation.Flush)
                {
                    flushed[path] = ReadShared(path);
                }
                else if (operation == FileOperation.FlushFolder)
                {
                    named.UnionWith(Directory.GetFiles(path));
                }
            }
        };
        await RunAsync(inbox, acknowledged);
        inbox.Before = null;

        foreach (Moment moment in moments)
        {
            await CheckAsync(moment);
        }
    }

    [Fact]
    public async Task A_torn_tail_is_not_looked_at()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("first");
        await inbox.AddAsync("second");
        await inbox.Store.DisposeAsync();
        using (FileStream segment = File.Open(Assert.Single(inbox.Segments), FileMode.Append))
        {
            segment.Write(TestInbox.Octets("torn", 777));
        }
        await inbox.ReopenAsync();
        await inbox.AddAsync("third");
        Assert.Equal(["third", "second", "first"], inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task Segments_that_no_row_speaks_of_are_removed_at_the_next_start_and_foreign_files_are_not()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("small");
        await inbox.AddAsync("large", 100_000);
        string[] used = inbox.Segments;
        ContentWriter unfinished = inbox.Store.BeginContent();
        unfinished.Append(new byte[100_000]);
        Assert.Equal(3, inbox.Segments.Length);
        string foreign = Path.Combine(inbox.ContentFolder, "notes.txt");
        File.WriteAllText(foreign, "");

        await using TestInbox copy = TestInbox.OpenCopy(inbox.Folder);

        Assert.Equal(used.Select(Path.GetFileName).Order(), copy.Segments.Select(Path.GetFileName).Order());
        Assert.True(File.Exists(Path.Combine(copy.ContentFolder, "notes.txt")));
        Assert.Equal(["large", "small"], copy.SubjectsOfWholeMessages());
        unfinished.Dispose();
    }

    [Fact]
    public async Task A_segment_that_could_not_be_removed_is_in_nobodys_way()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("first");
        string stray = SegmentFile.PathOf(inbox.ContentFolder, 2);
        File.WriteAllText(stray, "stray");
        inbox.Before = (operation, _) =>
        {
            if (operation == FileOperation.Delete)
            {
                throw new IOException("The test fails this operation");
            }
        };
        await inbox.ReopenAsync();
        await inbox.AddAsync("second");
        Assert.Equal("stray", File.ReadAllText(stray));
        Assert.Equal(["second", "first"], inbox.SubjectsOfWholeMessages());
    }

    private static async Task RunAsync(TestInbox inbox, HashSet<string> acknowledged)
    {
        await AddAsync("first", 1000);
        await AddAsync("large", 70_000);
        await AddAsync("second", 2000);
        string id = (await inbox.AddAsync("deleted", 50_000)).Id;
        await inbox.Store.DeleteAsync(id, CancellationToken.None);
        await Task.WhenAll(inbox.AddAsync("third"), inbox.AddAsync("fourth", 40_000), inbox.AddAsync("fifth"));
        acknowledged.UnionWith(["third", "fourth", "fifth"]);
        await AddAsync("last", 10);

        async Task AddAsync(string subject, int size)
        {
            await inbox.AddAsync(subject, size);
            acknowledged.Add(subject);
        }
    }

    private static async Task CheckAsync(Moment moment)
    {
        await using TestInbox after = TestInbox.CreateIn(moment.Folder);
        List<string> subjects = after.SubjectsOfWholeMessages();
        Assert.Subset(subjects.ToHashSet(), moment.Acknowledged);
        int files = after.Segments.Length;
        await after.AddAsync("after the crash");
        Assert.Contains("after the crash", after.SubjectsOfWholeMessages());
        Assert.Equal(files + 1, after.Segments.Length);
    }

    private static byte[] ReadShared(string path)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] octets = new byte[file.Length];
        file.ReadExactly(octets);
        return octets;
    }

    private sealed record Moment(FileOperation Operation, string Folder, HashSet<string> Acknowledged);
}
