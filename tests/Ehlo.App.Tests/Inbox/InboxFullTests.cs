using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

public sealed class InboxFullTests
{
    private const int InputOutputError = 5;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_at_any_file_operation_adds_nothing_and_the_store_goes_on(bool isFull)
    {
        int failures = 0;
        bool failed = true;
        for (int failAt = 1; failed; failAt++)
        {
            failed = await RunWithFailureAsync(failAt, isFull);
            failures += failed ? 1 : 0;
        }
        Assert.True(failures >= 20, $"the run has only {failures} file operations");
    }

    [Fact]
    public async Task A_disk_that_is_full_for_a_while_refuses_and_then_takes_again_and_leaves_nothing_behind()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("first");
        foreach (FileOperation full in new[] { FileOperation.Create, FileOperation.Write, FileOperation.Flush, FileOperation.Commit })
        {
            inbox.Before = (operation, _) => ThrowWhen(operation == full, isFull: true);
            if (full != FileOperation.Create) // The current segment is open.
            {
                await Assert.ThrowsAsync<InboxFullException>(() => inbox.AddAsync("refused"));
            }
            await Assert.ThrowsAsync<InboxFullException>(() => inbox.AddAsync("refused", 100_000));
            inbox.Before = null;
            await inbox.AddAsync("after " + full);
        }
        // What a failed commit left in doubt is removed behind the answer to the next message, so before the answer to the one after it.
        await inbox.AddAsync("last");
        Assert.Equal(
            ["last", "after Commit", "after Flush", "after Write", "after Create", "first"], inbox.SubjectsOfWholeMessages());
        long octets = inbox.Segments.Sum(segment => new FileInfo(segment).Length);
        Assert.InRange(octets, 6000, 6000 + 1000 + (inbox.Segments.Length * SegmentFile.HeaderOctets));
    }

    [Fact]
    public async Task After_a_failed_append_the_content_is_dropped_and_cannot_be_added_with_a_hole()
    {
        await using TestInbox inbox = TestInbox.Create();
        using ContentWriter content = inbox.Store.BeginContent();
        content.Append(new byte[100_000]);
        inbox.Before = (operation, _) => ThrowWhen(operation == FileOperation.Write, isFull: true);
        Assert.Throws<InboxFullException>(() => content.Append(new byte[100_000]));
        inbox.Before = null;

        Assert.Empty(inbox.Segments);
        Assert.Throws<InvalidOperationException>(() => content.Append(new byte[100_000]));
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await inbox.Store.AddAsync(TestInbox.Message("x"), content, CancellationToken.None));
    }

    /// <summary>A mistake of ours in the writer, not a failure of the disk: nobody may be left waiting for a thread that is gone.</summary>
    [Fact]
    public async Task When_the_writer_dies_all_who_wait_hear_of_it_and_all_who_come()
    {
        await using TestInbox inbox = TestInbox.Create();
        using var goOn = new ManualResetEventSlim();
        inbox.Before = (operation, path) =>
        {
            goOn.Wait();
            ThrowWhen(operation == FileOperation.Flush, isFull: false);
            if (operation == FileOperation.Delete && path.EndsWith(".seg", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("a mistake");
            }
        };
        Task first = inbox.AddAsync("first");
        Task deleting = inbox.Store.DeleteAllAsync(CancellationToken.None).AsTask();
        goOn.Set();
        await Assert.ThrowsAsync<InboxException>(() => first);
        await Assert.ThrowsAsync<InboxException>(() => deleting);
        await Assert.ThrowsAsync<InboxException>(() => inbox.AddAsync("second"));
    }

    /// <summary>A file system of 4 MiB, filled by messages until there is no room: the real errors of the system and of SQLite.</summary>
    [Fact]
    public async Task On_a_disk_that_is_really_full_nothing_is_lost_and_a_deletion_makes_room()
    {
        string disk = Directory.CreateTempSubdirectory("ehlo-inbox-").FullName;
        if (!OperatingSystem.IsLinux() || !TryRun("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk))
        {
            Directory.Delete(disk);
            Assert.Skip("Needs Linux and the right to mount a file system.");
        }
        try
        {
            await FillAsync(Path.Combine(disk, "inbox"), size: 100_000);
            await FillAsync(Path.Combine(disk, "small"), size: 3000);
            await FillAsync(Path.Combine(disk, "rows"), size: 0);
        }
        finally
        {
            Assert.True(TryRun("umount", disk));
            Directory.Delete(disk);
        }
    }

    private static async Task FillAsync(string folder, int size)
    {
        await using TestInbox inbox = TestInbox.CreateIn(folder);
        var added = new List<StoredMessage>();
        for (bool isFull = false; !isFull;)
        {
            try
            {
                added.Add(await inbox.AddAsync("message " + added.Count, size));
            }
            catch (InboxFullException)
            {
                isFull = true;
            }
        }
        Assert.NotEmpty(added);
        await Assert.ThrowsAsync<InboxFullException>(() => inbox.AddAsync("refused", 1_000_000));
        added.Reverse();
        Assert.Equal(added.Select(message => message.Subject), inbox.SubjectsOfWholeMessages());

        await inbox.Store.DeleteAsync(added[0].Id, CancellationToken.None);
        await inbox.Store.DeleteAllAsync(CancellationToken.None);
        await inbox.AddAsync("room again", size);
        Assert.Equal(["room again"], inbox.SubjectsOfWholeMessages());
        await inbox.ReopenAsync();
        Assert.Equal(["room again"], inbox.SubjectsOfWholeMessages());
    }

    /// <summary>Whether the run was long enough for the failure to come.</summary>
    private static async Task<bool> RunWithFailureAsync(int failAt, bool isFull)
    {
        await using TestInbox inbox = TestInbox.Create();
        int operations = 0;
        var expected = new List<string>();
        inbox.Before = (_, _) => ThrowWhen(Interlocked.Increment(ref operations) == failAt, isFull);
        await TryAddAsync("first", 1000);
        await TryAddAsync("large", 70_000);
        await TryAddAsync("second", 2000);
        try
        {
            await inbox.Store.DeleteAllAsync(CancellationToken.None);
            expected.Clear();
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            // All are still there.
        }
        await TryAddAsync("third", 1000);
        await TryAddAsync("fourth", 70_000);
        inbox.Before = null;
        await TryAddAsync("at last", 500);

        Assert.Contains("at last", expected);
        Assert.Equal(expected.AsEnumerable().Reverse(), inbox.SubjectsOfWholeMessages());
        await inbox.ReopenAsync();
        Assert.Equal(expected.AsEnumerable().Reverse(), inbox.SubjectsOfWholeMessages());
        int used = inbox.Segments.Length;
        await inbox.Store.DeleteAllAsync(CancellationToken.None);
        Assert.True(inbox.Segments.Length == 0, $"{used} segments, of which some belong to no message");
        return operations >= failAt;

        async Task TryAddAsync(string subject, int size)
        {
            try
            {
                await inbox.AddAsync(subject, size);
                expected.Add(subject);
            }
            catch (Exception exception) when (IsExpected(exception))
            {
                // Then it must not be there.
            }
        }

        bool IsExpected(Exception exception) => isFull ? exception is InboxFullException : exception is InboxException;
    }

    private static void ThrowWhen(bool condition, bool isFull)
    {
        if (condition)
        {
            throw new IOException("The test fails this operation", isFull ? DiskFull.NoSpace : InputOutputError);
        }
    }

    private static bool TryRun(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
