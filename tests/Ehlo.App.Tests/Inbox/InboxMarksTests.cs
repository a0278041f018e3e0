using System;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

/// <summary>Mailboxes, what was read, tags, and the counts of all that.</summary>
public sealed class InboxMarksTests
{
    private static readonly MessageEdit Read = new() { IsRead = true };
    private static readonly MessageEdit Unread = new() { IsRead = false };

    [Fact]
    public async Task A_new_message_is_unread_until_it_is_marked()
    {
        await using TestInbox inbox = TestInbox.Create();
        string id = (await inbox.AddAsync("x")).Id;
        Assert.False(inbox.Store.Find(id)!.IsRead);
        Assert.Equal(1, await inbox.Store.EditAsync(Only(id), Read, default));
        Assert.Equal(0, await inbox.Store.EditAsync(Only(id, "no id", "0000000000000001"), Read, default));
        await inbox.ReopenAsync();
        Assert.True(inbox.Store.Find(id)!.IsRead);
        Assert.Equal(1, await inbox.Store.EditAsync(Only(id), Unread, default));
        Assert.False(inbox.Store.Find(id)!.IsRead);
    }

    /// <summary>The kept counts are those that a walk over all messages gives, whatever was done.</summary>
    [Fact]
    public async Task The_counts_of_mailboxes_are_true()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { EditedMessages = 3 });
        for (int i = 0; i < 20; i++)
        {
            await inbox.AddAsync(TestInbox.Message("message " + i) with { Mailbox = i % 3 == 0 ? "a" : "b" }, 100 + i);
        }
        string[] ids = [.. inbox.Store.List(100, null).Select(message => message.Id)];
        await inbox.Store.EditAsync(Only(ids[..9]), Read, default);
        await inbox.Store.EditAsync(Only(ids[4..7]), Unread, default);
        Assert.Equal(5, await inbox.Store.DeleteAsync(Only(ids[2..7]), default));
        AssertCounts();
        await inbox.Store.DeleteAsync(ids[10], default);
        await inbox.ReopenAsync();
        AssertCounts();
        Assert.Equal(14, inbox.Store.List(InboxQuery.All, new(1)).Total);
        await inbox.Store.DeleteAllAsync(default);
        AssertCounts();

        void AssertCounts()
        {
            var messages = inbox.Store.List(100, null).ToLookup(message => message.Mailbox);
            Assert.Equal(
                new[] { "Inbox", "a", "b" }.Select(name => new MailboxSummary(
                    name, messages[name].Count(), messages[name].Count(message => !message.IsRead), messages[name].Sum(message => message.Size))),
                inbox.Store.Mailboxes());
        }
    }

    [Fact]
    public async Task A_list_has_its_page_and_the_counts_of_all_pages()
    {
        await using TestInbox inbox = TestInbox.Create();
        for (int i = 0; i < 10; i++)
        {
            await inbox.AddAsync(TestInbox.Message("message " + i) with { Mailbox = i % 2 == 0 ? "even" : "odd", Tags = i < 4 ? ["low"] : [] });
        }
        await inbox.Store.EditAsync(new() { Tag = "low" }, Read, default);

        InboxListing even = inbox.Store.List(new InboxQuery { Mailboxes = MailboxName.SetOf("EVEN") }, new(2));
        Assert.Equal(["message 8", "message 6"], Subjects(even));
        Assert.Equal((5, 3), (even.Total, even.Unread));
        InboxListing rest = inbox.Store.List(new InboxQuery { Mailboxes = MailboxName.SetOf("even") }, new(9, even.Next));
        Assert.Equal(["message 4", "message 2", "message 0"], Subjects(rest));
        Assert.Null(rest.Next);
        Assert.Equal((5, 3), (rest.Total, rest.Unread));

        InboxListing unread = inbox.Store.List(new InboxQuery { Mailboxes = MailboxName.SetOf("odd"), IsUnread = true }, new(2));
        Assert.Equal(["message 9", "message 7"], Subjects(unread));
        Assert.Equal((3, 3), (unread.Total, unread.Unread));
        InboxListing tagged = inbox.Store.List(new InboxQuery { Tag = "LOW", IsUnread = false }, new(10));
        Assert.Equal((4, 0), (tagged.Total, tagged.Unread));
        Assert.Empty(inbox.Store.List(new InboxQuery { Mailboxes = MailboxName.SetOf() }, new(10)).Messages);
        Assert.Equal(0, inbox.Store.List(new InboxQuery { Mailboxes = MailboxName.SetOf("'; DROP TABLE entry; --") }, new(10)).Total);
    }

    [Fact]
    public async Task Who_goes_through_the_inbox_as_it_grows_sees_each_message_once()
    {
        await using TestInbox inbox = TestInbox.Create();
        string[] ids = new string[5];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = (await inbox.AddAsync("message " + i)).Id;
        }
        Assert.Equal(ids[..2], inbox.Store.ListAfter(InboxQuery.All, 2, null).Select(message => message.Id));
        await inbox.Store.DeleteAsync(ids[1], default);
        Assert.Equal(ids[2..4], inbox.Store.ListAfter(InboxQuery.All, 2, ids[1]).Select(message => message.Id));
        Assert.Empty(inbox.Store.ListAfter(InboxQuery.All, 2, ids[4]));
        Assert.Empty(inbox.Store.ListAfter(InboxQuery.All, 2, "no id"));
    }

    [Fact]
    public async Task Tags_come_with_a_message_and_by_hand_and_go_with_the_last_that_has_them()
    {
        await using TestInbox inbox = TestInbox.Create();
        StoredMessage added = await inbox.AddAsync(TestInbox.Message("x") with { Tags = ["Zeta", "alpha", "ALPHA"] });
        Assert.Equal(["Zeta", "alpha"], added.Tags.OrderDescending(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(["alpha", "Zeta"], inbox.Store.Find(added.Id)!.Tags);
        MessageEdit edit = new() { AddTags = ["new", "Alpha"], RemoveTags = ["zeta", "unknown"] };
        Assert.Equal(1, await inbox.Store.EditAsync(Only(added.Id), edit, default));
        Assert.Equal(0, await inbox.Store.EditAsync(Only(added.Id), edit, default));
        Assert.Equal(["alpha", "new"], inbox.Store.List(10, null).Single().Tags);
        Assert.Equal([new TagSummary("alpha", 1), new TagSummary("new", 1)], inbox.Store.Tags(InboxQuery.All));
        await inbox.Store.DeleteAsync(added.Id, default);
        Assert.Empty(inbox.Store.Tags(InboxQuery.All));
    }

    [Fact]
    public async Task A_tag_is_renamed_merged_and_deleted_for_all_messages()
    {
        await using TestInbox inbox = TestInbox.Create();
        string both = (await inbox.AddAsync(TestInbox.Message("both") with { Tags = ["one", "two"] })).Id;
        string one = (await inbox.AddAsync(TestInbox.Message("one") with { Tags = ["one"] })).Id;
        Assert.True(await inbox.Store.RenameTagAsync("ONE", "two", default));
        Assert.Equal([new TagSummary("two", 2)], inbox.Store.Tags(InboxQuery.All));
        Assert.True(await inbox.Store.RenameTagAsync("two", "Two", default));
        Assert.Equal(["Two"], inbox.Store.Find(both)!.Tags);
        Assert.False(await inbox.Store.RenameTagAsync("one", "three", default));
        Assert.True(await inbox.Store.DeleteTagAsync("two", default));
        Assert.False(await inbox.Store.DeleteTagAsync("two", default));
        Assert.Empty(inbox.Store.Find(one)!.Tags);
    }

    [Fact]
    public async Task A_message_has_so_many_tags_and_no_more()
    {
        await using TestInbox inbox = TestInbox.Create();
        string[] many = [.. Enumerable.Range(0, TagName.MaxOfMessage + 5).Select(i => $"tag {i}")];
        string id = (await inbox.AddAsync(TestInbox.Message("x") with { Tags = many })).Id;
        Assert.Equal(0, await inbox.Store.EditAsync(Only(id), new() { AddTags = ["one more"] }, default));
        Assert.Equal(TagName.MaxOfMessage, inbox.Store.Find(id)!.Tags.Count);
    }

    /// <summary>What the writer remembers of names must not outlive a transaction that failed.</summary>
    [Fact]
    public async Task A_failed_batch_leaves_no_name_and_no_count_behind()
    {
        await using TestInbox inbox = TestInbox.Create();
        StoredMessage message = TestInbox.Message("x") with { Mailbox = "new", Tags = ["fresh"] };
        inbox.Before = (operation, _) =>
        {
            if (operation == FileOperation.Commit)
            {
                throw new System.IO.IOException("torn");
            }
        };
        await Assert.ThrowsAsync<InboxException>(async () => await inbox.AddAsync(message));
        inbox.Before = null;
        Assert.Equal([new MailboxSummary("Inbox", 0, 0, 0)], inbox.Store.Mailboxes());
        string id = (await inbox.AddAsync(message)).Id;
        Assert.Equal(["fresh"], inbox.Store.Find(id)!.Tags);
        Assert.Equal(new MailboxSummary("new", 1, 1, 1000), inbox.Store.Mailboxes()[1]);
    }

    [Fact]
    public async Task Mailboxes_are_there_before_their_first_message()
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.Store.EnsureMailboxesAsync(["b", "inbox", "A"], default);
        await inbox.Store.EnsureMailboxesAsync(["a"], default);
        Assert.Equal(["Inbox", "A", "b"], inbox.Store.Mailboxes().Select(mailbox => mailbox.Name));
    }

    [Theory]
    [InlineData("grün, nicht rot", false)]
    [InlineData("grün", true)]
    [InlineData("build 17: nightly", true)]
    [InlineData("", false)]
    [InlineData(" x", false)]
    [InlineData("x ", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\"b", false)]
    public void A_tag_is_a_short_name_on_one_line(string name, bool isValid) => Assert.Equal(isValid, TagName.IsValid(name));

    private static InboxQuery Only(params string[] ids) => new() { Ids = ids };

    private static string[] Subjects(InboxListing listing) => [.. listing.Messages.Select(message => message.Subject)];
}
