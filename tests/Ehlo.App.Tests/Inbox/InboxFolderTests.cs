using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

public sealed class InboxFolderTests
{
    private static readonly string Fixture = FixtureOf(InboxFormat.Current);

    /// <summary>Each was written by the version of that time. None is ever written again: what they hold must be readable for ever.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_folder_of_any_format_is_read_octet_for_octet(int format)
    {
        await using TestInbox inbox = TestInbox.OpenCopy(FixtureOf(format));

        Assert.Equal(["held", "own file", InboxStoreTests.Full.Subject], inbox.Store.List(10, null).Select(message => message.Subject));
        string[] ids = [.. inbox.Store.List(10, null).Select(message => message.Id)];
        Assert.Equal(["019ca9450a000002", "019ca9450a000001", "019ca9450a000000"], ids);
        InboxStoreTests.AssertSame(InboxStoreTests.Full with { Id = ids[2], Size = 13 }, inbox.Store.Find(ids[2]));
        Assert.Equal("Subject: x\r\n\r"u8.ToArray(), inbox.Read(ids[2]));
        Assert.Equal(Enumerable.Repeat("line\r\n"u8.ToArray(), 6000).SelectMany(line => line), inbox.Read(ids[1]));
        Assert.Equal("\0\u0001\r\n.\r\n"u8.ToArray(), inbox.Read(ids[0]));
        Assert.Equal([new MailboxSummary("Inbox", 3, 3, 13 + 36_000 + 7)], inbox.Store.Mailboxes());
        Assert.Equal($"{InboxFormat.Current}\n", File.ReadAllText(Path.Combine(inbox.Folder, "format")));

        StoredMessage added = await inbox.AddAsync("new");
        Assert.Equal("019ca9450a000003", added.Id);
        Assert.Equal(4, inbox.Store.List(10, null).Count);
    }

    /// <summary>A crash after the rows were converted and before the format says so; then mail came through the older version.</summary>
    [Fact]
    public async Task A_conversion_that_was_cut_short_is_done_again()
    {
        await using TestInbox inbox = TestInbox.OpenCopy(FixtureOf(1));
        await inbox.Store.DisposeAsync();
        File.WriteAllText(Path.Combine(inbox.Folder, "format"), "1\n");
        using (SqliteConnection older = new($"Data Source={Path.Combine(inbox.Folder, InboxDatabase.FileName)};Pooling=False"))
        {
            older.Open();
            using SqliteCommand command = older.CreateCommand();
            command.CommandText = "DELETE FROM entry WHERE id = (SELECT max(id) FROM entry); UPDATE mailbox SET messages = 7";
            command.ExecuteNonQuery();
        }
        await inbox.ReopenAsync();
        Assert.Equal(3, inbox.Store.List(10, null).Count);
        Assert.Equal([new MailboxSummary("Inbox", 3, 3, 13 + 36_000 + 7)], inbox.Store.Mailboxes());
    }

    /// <summary>Else the fixture would no longer be what this version writes, and the test above no test of it.</summary>
    [Fact]
    public async Task This_version_writes_what_the_fixture_holds()
    {
        await using TestInbox inbox = TestInbox.Create();
        await WriteFixtureAsync(inbox);
        await inbox.Store.DisposeAsync();

        foreach (string path in Directory.GetFiles(Fixture, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(Fixture, path);
            if (name != InboxDatabase.FileName) // SQLite's own layout may differ with its version.
            {
                Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(inbox.Folder, name)));
            }
        }
    }

    [Theory]
    [InlineData("4\n", "has format 4, written by a newer version")]
    [InlineData("\n", "does not hold the number of a format")]
    [InlineData("0\n", "does not hold the number of a format")]
    [InlineData(null, "its format is not known")]
    public async Task A_newer_or_unknown_format_is_refused_and_nothing_is_changed(string? format, string message)
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("x");
        await inbox.Store.DisposeAsync();
        string path = Path.Combine(inbox.Folder, "format");
        if (format is null)
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllText(path, format);
        }

        var exception = Assert.Throws<InboxException>(() => InboxStore.Open(inbox.Folder, inbox.Time));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Contains(inbox.Folder, exception.Message, StringComparison.Ordinal);

        File.WriteAllText(path, $"{InboxFormat.Current}\n");
        await inbox.ReopenAsync();
        Assert.Equal(["x"], inbox.SubjectsOfWholeMessages());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Contents_whose_database_is_gone_are_not_taken_for_what_a_crash_left(bool isEmpty)
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("x");
        await inbox.Store.DisposeAsync();
        string database = Path.Combine(inbox.Folder, InboxDatabase.FileName);
        File.Move(database, $"{database}.kept");
        if (isEmpty) File.Create(database).Dispose();

        var exception = Assert.Throws<InboxException>(() => InboxStore.Open(inbox.Folder, inbox.Time));
        Assert.StartsWith($"{inbox.Folder} has the contents of messages but no inbox.db", exception.Message, StringComparison.Ordinal);

        File.Move($"{database}.kept", database, overwrite: true);
        await inbox.ReopenAsync();
        Assert.Equal(["x"], inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task A_folder_has_one_owner_and_the_others_are_told_who()
    {
        await using TestInbox inbox = TestInbox.Create();
        var exception = Assert.Throws<InboxException>(() => InboxStore.Open(inbox.Folder, inbox.Time));
        string expected = string.Create(CultureInfo.InvariantCulture, $"{inbox.Folder} is in use by process {Environment.ProcessId}");
        Assert.Equal(expected, exception.Message);
        await inbox.AddAsync("the owner goes on");
        await inbox.ReopenAsync();
    }

    [Fact]
    public async Task What_a_dead_owner_left_behind_locks_nobody_out()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.Store.DisposeAsync();
        Assert.True(File.Exists(Path.Combine(inbox.Folder, "lock")));
        File.WriteAllText(Path.Combine(inbox.Folder, "owner"), "1\n");
        await inbox.ReopenAsync();
    }

    [Fact]
    public async Task Missing_folders_are_made_and_closed_to_others()
    {
        string parent = Directory.CreateTempSubdirectory("ehlo-inbox-").FullName;
        string folder = Path.Combine(parent, "a", "b");
        await using (InboxStore.Open(folder, TimeProvider.System))
        {
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            }
        }
        Directory.Delete(parent, recursive: true);
    }

    /// <summary>A power cut after the first message must not take the folder, the format or the database with it.</summary>
    [Fact]
    public async Task What_the_first_start_makes_is_flushed_name_by_name()
    {
        string parent = Directory.CreateTempSubdirectory("ehlo-inbox-").FullName;
        string folder = Path.Combine(parent, "inbox");
        var operations = new List<(FileOperation, string)>();
        void Note(FileOperation operation, string path) => operations.Add((operation, Path.GetRelativePath(parent, path)));
        await InboxStore.Open(folder, TimeProvider.System, InboxLimits.Default, Note).DisposeAsync();
        Directory.Delete(parent, recursive: true);

        // The reserve is made as well, and is of no worth after a power cut.
        operations.RemoveAll(operation => operation.Item2 == Path.Combine("inbox", "reserve"));
        string format = Path.Combine("inbox", "format.new");
        Assert.Equal(
            [
                (FileOperation.FlushFolder, "."),
                (FileOperation.Delete, format),
                (FileOperation.Create, format),
                (FileOperation.Write, format),
                (FileOperation.Flush, format),
                (FileOperation.Rename, format),
                (FileOperation.FlushFolder, "inbox"),
                (FileOperation.FlushFolder, "inbox"),
                (FileOperation.FlushFolder, "inbox"),
            ],
            operations);
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_named()
    {
        string file = Path.GetTempFileName();
        var exception = Assert.Throws<InboxException>(() => InboxStore.Open(Path.Combine(file, "inbox"), TimeProvider.System));
        Assert.Contains(file, exception.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_database_that_is_none_is_named_and_the_lock_let_go()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.Store.DisposeAsync();
        string path = Path.Combine(inbox.Folder, InboxDatabase.FileName);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllText(path, new string('x', 10_000));
        var exception = Assert.Throws<InboxException>(() => InboxStore.Open(inbox.Folder, inbox.Time));
        Assert.Contains(inbox.Folder, exception.Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, whole);
        await inbox.ReopenAsync();
    }

    private static string FixtureOf(int format) =>
        Path.Combine(AppContext.BaseDirectory, "Fixtures", string.Create(CultureInfo.InvariantCulture, $"inbox-format-{format}"));

    private static async Task WriteFixtureAsync(TestInbox inbox)
    {
        using ContentWriter first = inbox.Store.BeginContent();
        first.Append("Subject: x\r\n\r"u8);
        await inbox.Store.AddAsync(InboxStoreTests.Full, first, default);
        await inbox.AddAsync("own file", [.. Enumerable.Repeat("line\r\n"u8.ToArray(), 6000).SelectMany(line => line)]);
        await inbox.AddAsync("held", "\0\u0001\r\n.\r\n"u8.ToArray());
    }
}
