using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using Ehlo.App.Access;
using Ehlo.App.Exchange;
using Ehlo.App.Inbox;
using Ehlo.App.Search;
using Ehlo.App.Tests.Inbox;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Ehlo.App.Tests.Search;

/// <summary>Searches over an inbox whose index is kept up in the background.</summary>
public sealed class SearchIndexTests
{
    private const string Html =
        """
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        <style>p { color: hidden }</style><p>Ihre Bestellung =C3=BCber 42&nbsp;B=C3=BCcher</p>
        --b
        Content-Type: application/pdf
        Content-Disposition: attachment; filename="Rechnung März.pdf"
        Content-Transfer-Encoding: base64

        AAAA
        --b--

        """;

    [Theory]
    [InlineData("lunch", "lunch")]
    [InlineData("LUN", "lunch")]
    [InlineData("\"lun\"")]
    [InlineData("unch")]
    [InlineData("from:ann", "lunch", "report")]
    [InlineData("from:ann@example.org -subject:report", "lunch")]
    [InlineData("from:\"Ann Smith\"", "lunch")]
    [InlineData("to:bob", "lunch")]
    [InlineData("to:all@lists.example", "report")]
    [InlineData("cc:carl", "lunch")]
    [InlineData("bcc:hidden", "lunch")]
    [InlineData("bcc:bob")]
    [InlineData("reply-to:answers", "report")]
    [InlineData("addressed:carl", "lunch", "report")]
    [InlineData("addressed:\"carl\"", "lunch")]
    [InlineData("addressed:noon")]
    [InlineData("message-id:<m1@example.org>", "lunch")]
    [InlineData("\"at noon\"", "lunch")]
    [InlineData("noon at", "lunch")]
    [InlineData("\"noon at\"")]
    [InlineData("bestellung bucher", "order")]
    [InlineData("hidden -to:hidden")]
    [InlineData("rechnung", "order")]
    [InlineData("has:attachment", "order")]
    [InlineData("-has:attachment", "lunch", "report", "empty")]
    [InlineData("-from:ann", "order", "empty")]
    [InlineData("-lunch -report", "order", "empty")]
    [InlineData("tag:food", "lunch")]
    [InlineData("-tag:food from:ann", "report")]
    [InlineData("is:tagged", "lunch")]
    [InlineData("!is:tagged", "order", "report", "empty")]
    [InlineData("is:read", "report")]
    [InlineData("is:unread", "lunch", "order", "empty")]
    [InlineData("mailbox:SHOP", "order")]
    [InlineData("-mailbox:shop is:unread -empty", "lunch")]
    [InlineData("larger:300", "order")]
    [InlineData("smaller:10", "empty")]
    [InlineData("before:2026-03-02", "lunch")]
    [InlineData("after:2026-03-02T12:00 before:2026-03-04", "order", "report")]
    [InlineData("from:ann to:nobody")]
    public async Task A_search_finds_what_it_says(string search, params string[] expected)
    {
        await using TestInbox inbox = await FillAsync();
        Assert.Equal(expected, await FindAsync(inbox, search));
    }

    [Fact]
    public async Task Pages_and_counts_are_those_of_the_search()
    {
        await using TestInbox inbox = TestInbox.Create();
        inbox.Store.StartIndexing(Fail);
        for (int i = 0; i < 10; i++)
        {
            await AddAsync(inbox, TestInbox.Message($"{(i % 2 == 0 ? "even" : "odd")} {i}") with { Mailbox = i < 5 ? "low" : "high" }, "");
        }
        InboxQuery even = new() { Search = SearchQuery.Parse("even") };
        InboxListing first = await inbox.Store.ListAsync(even, new(2), default);
        Assert.Equal(["even 8", "even 6"], Subjects(first));
        Assert.Equal((5, 5, false), (first.Total, first.Unread, first.IsIndexBehind));
        await inbox.Store.EditAsync(even, new() { IsRead = true }, default);
        InboxListing second = await inbox.Store.ListAsync(even, new(9, first.Next), default);
        Assert.Equal(["even 4", "even 2", "even 0"], Subjects(second));
        Assert.Equal((5, 0), (second.Total, second.Unread));
        Assert.Null(second.Next);
        InboxListing low = await inbox.Store.ListAsync(even with { Mailboxes = MailboxName.SetOf("low") }, new(9), default);
        Assert.Equal(["even 4", "even 2", "even 0"], Subjects(low));
        Assert.Equal(["even 2", "even 4"], inbox.Store.ListAfter(even, 2, second.Messages[^1].Id).Select(message => message.Subject));
        Assert.Equal(2, await inbox.Store.DeleteAsync(even with { Mailboxes = MailboxName.SetOf("high") }, default));
        Assert.Equal(8, inbox.Store.List(InboxQuery.All, new(1)).Total);
    }

    /// <summary>While nobody searches the next batch would wait for an hour.</summary>
    [Fact]
    public async Task Who_searches_does_not_wait_for_the_next_batch()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { IndexInterval = TimeSpan.FromHours(1) });
        inbox.Store.StartIndexing(Fail);
        foreach (string subject in new[] { "first", "second", "third" })
        {
            await AddAsync(inbox, TestInbox.Message(subject), "");
            Assert.Equal([subject], await FindAsync(inbox, subject));
        }
        await AddAsync(inbox, TestInbox.Message("fourth"), "");
        InboxQuery fourth = new() { Search = SearchQuery.Parse("fourth") };
        Assert.Equal(1, await inbox.Store.EditAsync(fourth, new() { IsRead = true }, default));
        await AddAsync(inbox, TestInbox.Message("fourth"), "");
        Assert.Equal(2, await inbox.Store.DeleteAsync(fourth, default));
        await AddAsync(inbox, TestInbox.Message("fifth"), "");
        using MemoryStream mbox = new();
        MessageExport export = new(new SeenInbox(inbox.Store, () => Viewer.Anybody));
        Assert.Equal(1, await export.WriteMboxAsync(new() { Search = SearchQuery.Parse("fifth") }, mbox, default));
    }

    /// <summary>SQLite may take it for the end of a text.</summary>
    [Fact]
    public async Task Words_behind_an_octet_of_zero_are_found()
    {
        await using TestInbox inbox = TestInbox.Create();
        inbox.Store.StartIndexing(Fail);
        await AddAsync(inbox, TestInbox.Message("zero"), "Subject: zero\r\n\r\nbefore\0behind it");
        Assert.Equal(["zero"], await FindAsync(inbox, "\"before behind it\""));
    }

    [Fact]
    public async Task What_is_deleted_is_found_no_more_and_leaves_the_index()
    {
        await using TestInbox inbox = await FillAsync();
        string id = (await inbox.Store.ListAsync(new() { Search = SearchQuery.Parse("lunch") }, new(1), default)).Messages[0].Id;
        await inbox.Store.DeleteAsync(id, default);
        Assert.Empty(await FindAsync(inbox, "lunch"));
        await AddAsync(inbox, TestInbox.Message("later"), "");
        await FindAsync(inbox, "later"); // The index is told of both, in their order.
        await inbox.Store.DisposeAsync();
        Assert.Equal(4, IndexedCount(inbox.Folder));
    }

    /// <summary>Nobody told the index of these: it compares itself with the inbox when it is opened.</summary>
    [Fact]
    public async Task What_was_deleted_while_nobody_looked_leaves_the_index_at_the_next_start()
    {
        await using TestInbox inbox = await FillAsync();
        await inbox.ReopenAsync(); // Without an index.
        await inbox.Store.DeleteAsync(inbox.Store.List(1, null)[0].Id, default);
        string added = (await AddAsync(inbox, TestInbox.Message("newer"), "")).Id;
        await inbox.ReopenAsync();
        inbox.Store.StartIndexing(Fail);
        Assert.Equal(["newer"], await FindAsync(inbox, "newer"));
        await inbox.Store.DisposeAsync();
        Assert.Equal(4, IndexedCount(inbox.Folder));
        Assert.NotNull(added);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("missing")]
    [InlineData("older")]
    [InlineData("ahead")]
    public async Task An_index_that_cannot_be_used_is_made_anew(string how)
    {
        await using TestInbox inbox = await FillAsync();
        await FindAsync(inbox, "lunch");
        await inbox.Store.DisposeAsync();
        string path = Path.Combine(inbox.Folder, SearchDatabase.FileName);
        switch (how)
        {
            case "garbage":
                File.WriteAllText(path, new string('x', 100_000));
                break;
            case "missing":
                File.Delete(path);
                break;
            default:
                using (SqliteConnection index = new($"Data Source={path};Pooling=False"))
                {
                    index.Open();
                    using SqliteCommand command = index.CreateCommand();
                    command.CommandText = how == "older"
                        ? "PRAGMA user_version = 0; DELETE FROM indexed"
                        : $"UPDATE state SET position = {long.MaxValue}; DELETE FROM indexed";
                    command.ExecuteNonQuery();
                }
                break;
        }
        await inbox.ReopenAsync();
        inbox.Store.StartIndexing(Fail);
        Assert.Equal(["lunch"], await FindAsync(inbox, "lunch"));
        await inbox.Store.DisposeAsync();
        Assert.Equal(4, IndexedCount(inbox.Folder));
    }

    /// <summary>A page in the middle of the file is overwritten while the program runs; the next search sees it, or the indexer.</summary>
    [Fact]
    public async Task An_index_that_is_damaged_while_it_is_used_is_made_anew()
    {
        await using TestInbox inbox = await FillAsync();
        await FindAsync(inbox, "lunch");
        await inbox.Store.DisposeAsync(); // Empties the log into the file.
        await inbox.ReopenAsync();
        var told = new List<string>();
        inbox.Store.StartIndexing(told.Add);
        await FindAsync(inbox, "lunch");
        using (FileStream index = File.Open(
            Path.Combine(inbox.Folder, SearchDatabase.FileName), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            index.Position = 4096;
            index.Write(new byte[index.Length - 4096]);
        }
        for (int i = 0; ; i++)
        {
            try
            {
                if ((await FindAsync(inbox, "lunch")) is ["lunch"])
                {
                    break;
                }
            }
            catch (SearchIndexException)
            {
                // It says so while it is made anew.
            }
            Assert.True(i < 10_000, "the index stays damaged");
            inbox.Time.Advance(TimeSpan.FromSeconds(5));
        }
    }

    /// <summary>A folder stands where the file should be, for a while.</summary>
    [Fact]
    public async Task An_index_that_cannot_be_kept_up_is_told_of_once_and_tried_again()
    {
        await using TestInbox inbox = TestInbox.Create();
        string path = Path.Combine(inbox.Folder, SearchDatabase.FileName);
        Directory.CreateDirectory(path);
        await inbox.AddAsync("x", 1);
        var told = new ConcurrentQueue<string>();
        inbox.Store.StartIndexing(told.Enqueue);
        while (told.IsEmpty)
        {
            await Task.Yield();
        }
        for (int i = 0; i < 100; i++)
        {
            inbox.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }
        Directory.Delete(path);
        while (inbox.Store.IndexPosition < 0)
        {
            inbox.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }
        Assert.Equal(["x"], await FindAsync(inbox, "x"));
        Assert.StartsWith("the search index cannot be kept up: ", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_index_a_search_for_words_says_so_and_others_work()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("x");
        Assert.Throws<SearchIndexException>(() => inbox.Store.List(new InboxQuery { Search = SearchQuery.Parse("x") }, new(1)));
        Assert.Single(inbox.Store.List(new InboxQuery { Search = SearchQuery.Parse("is:unread larger:10") }, new(1)).Messages);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_holds_nothing_up()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("lost", 100_000);
        File.Delete(inbox.Segments.Single());
        await AddAsync(inbox, TestInbox.Message("whole"), "words");
        inbox.Store.StartIndexing(Fail);
        Assert.Equal(["whole"], await FindAsync(inbox, "words"));
    }

    /// <summary>Whatever is typed and can be read is a search: nothing in it is taken for the index's own language.</summary>
    [Fact]
    public async Task No_words_break_the_language_of_the_index()
    {
        await using TestInbox inbox = await FillAsync();
        await FindAsync(inbox, "lunch");
        string[] pieces =
        [
            "a", "AND", "OR", "NOT", "NEAR(", ")", "(", "{subject}", ":", "*", "^", "+", "'", "''", ";", "--", "\\", "%", "_", "\"", "\"\"", " ",
            "subject:", "-", "!", "lunch", "é", "日本", "\ud83d\ude00", "\u0301", "$q1", "body", "rowid", "DROP TABLE words",
        ];
        Gen.OneOf(pieces).Array[1, 12].Select(string.Concat).Sample(
            text =>
            {
                SearchQuery? search;
                try
                {
                    search = SearchQuery.Parse(text);
                }
                catch (SearchException)
                {
                    return;
                }
                Assert.InRange(inbox.Store.List(new InboxQuery { Search = search }, new(10)).Messages.Count, 0, 4);
            },
            iter: 2000,
            threads: 1);
        Assert.Equal(["lunch"], await FindAsync(inbox, "lunch"));
    }

    private static async Task<TestInbox> FillAsync()
    {
        TestInbox inbox = TestInbox.Create();
        inbox.Store.StartIndexing(Fail);
        StoredMessage lunch = TestInbox.Message("lunch") with
        {
            From = "ann@example.org",
            To = ["bob@example.org", "hidden@example.org"],
            Tags = ["Food"],
        };
        await AddAsync(
            inbox,
            lunch,
            "From: Ann Smith <ann@example.org>\r\nTo: Bob <bob@example.org>\r\nCc: carl@example.org\r\n"
                + "Message-ID: <m1@example.org>\r\n\r\nAt noon?\r\n");
        StoredMessage order = TestInbox.Message("order") with { Mailbox = "shop", ReceivedAt = lunch.ReceivedAt.AddDays(1).AddHours(1) };
        await AddAsync(inbox, order, Html.ReplaceLineEndings("\r\n"));
        StoredMessage report = TestInbox.Message("report") with
        {
            From = "ann@example.org",
            To = ["carla@example.org"],
            ReceivedAt = lunch.ReceivedAt.AddDays(2),
        };
        string read = (await AddAsync(
            inbox, report, "From: x@y.example\r\nTo: all@lists.example\r\nReply-To: answers@example.org\r\n\r\nnumbers and more numbers")).Id;
        await inbox.Store.EditAsync(new() { Ids = [read] }, new() { IsRead = true }, default);
        StoredMessage empty = TestInbox.Message("empty") with { To = ["x@y.example"], ReceivedAt = lunch.ReceivedAt.AddDays(3) };
        await AddAsync(inbox, empty, "");
        return inbox;
    }

    private static async Task<StoredMessage> AddAsync(TestInbox inbox, StoredMessage message, string octets)
    {
        using ContentWriter content = inbox.Store.BeginContent();
        content.Append(Encoding.UTF8.GetBytes(octets));
        return await inbox.Store.AddAsync(message, content, CancellationToken.None);
    }

    /// <summary>The subjects that are found, oldest first.</summary>
    private static async Task<string[]> FindAsync(TestInbox inbox, string search)
    {
        Task<InboxListing> listed = inbox.Store.ListAsync(new() { Search = SearchQuery.Parse(search) }, new(100), default).AsTask();
        InboxListing listing = await listed.WaitAsync(TimeSpan.FromSeconds(20)); // A store's own patience goes by the clock of the test.
        Assert.False(listing.IsIndexBehind);
        Assert.Equal(listing.Messages.Count, listing.Total);
        return [.. Subjects(listing).Reverse()];
    }

    private static IEnumerable<string> Subjects(InboxListing listing) => listing.Messages.Select(message => message.Subject);

    private static long IndexedCount(string folder)
    {
        using SqliteConnection index = new($"Data Source={Path.Combine(folder, SearchDatabase.FileName)};Pooling=False");
        index.Open();
        using SqliteCommand command = index.CreateCommand();
        command.CommandText = "SELECT count(*) FROM indexed";
        return (long)command.ExecuteScalar()!;
    }

    private static void Fail(string text) => throw new InvalidOperationException(text);
}
