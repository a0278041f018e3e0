using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

public sealed class InboxStoreTests
{
    /// <summary>Each member has a value of its own, so that two columns cannot be mixed up unseen.</summary>
    internal static readonly StoredMessage Full = new()
    {
        ReceivedAt = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero),
        Subject = "Grüße, \"quoted\" \\ 日本",
        From = "from@client.example",
        To = ["one@mx.example", "two@mx.example", "one@mx.example"],
        MailParameters = new Dictionary<string, string?> { ["SIZE"] = "123", ["SMTPUTF8"] = null },
        RcptParameters = [new Dictionary<string, string?> { ["NOTIFY"] = "NEVER" }, new Dictionary<string, string?>(),
            new Dictionary<string, string?> { ["ORCPT"] = "rfc822;one@mx.example" }],
        Hello = new HelloFacts("LHLO", "hello.example"),
        Tls = new TlsFacts("TLS 1.3", "TLS_AES_128_GCM_SHA256", "sni.example", null),
        Identity = "identity",
        Connection = "connection",
        Session = 2,
        PeerAddress = "2001:db8::1",
        ServerName = "mx.example",
        WithProtocol = "ESMTPSA",
        Dialogue = [new DialogueLine(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero), "client", "EHLO hello.example"),
            new DialogueLine(new DateTimeOffset(2026, 2, 3, 4, 5, 7, TimeSpan.Zero), "server", "250 mx.example")],
    };

    [Fact]
    public async Task What_is_added_is_found_again_in_every_member()
    {
        await using TestInbox inbox = TestInbox.Create();
        using ContentWriter content = inbox.Store.BeginContent();
        content.Append("Subject: x\r\n\r\n\0\u00FF"u8);

        StoredMessage added = await inbox.Store.AddAsync(Full, content, CancellationToken.None);
        await inbox.ReopenAsync();

        Assert.Equal(16, added.Id.Length);
        AssertSame(Full with { Id = added.Id, Size = 17 }, added);
        AssertSame(added, inbox.Store.Find(added.Id));
        AssertSame(added with { Dialogue = null }, Assert.Single(inbox.Store.List(10, null)));
        Assert.Equal("Subject: x\r\n\r\n\0\u00FF"u8.ToArray(), inbox.Read(added.Id));
    }

    [Fact]
    public async Task Optional_members_stay_null_and_text_of_a_hostile_peer_is_kept()
    {
        await using TestInbox inbox = TestInbox.Create();
        using ContentWriter content = inbox.Store.BeginContent();
        StoredMessage message = TestInbox.Message("a\0b\u0001'; DROP TABLE message; --") with { From = "" };

        StoredMessage added = await inbox.Store.AddAsync(message, content, CancellationToken.None);

        AssertSame(message with { Id = added.Id, Size = 0 }, inbox.Store.Find(added.Id));
        Assert.Equal(Array.Empty<byte>(), inbox.Read(added.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4097)]
    [InlineData(32 * 1024)]
    [InlineData((32 * 1024) + 1)]
    [InlineData(1_000_003)]
    public async Task Content_of_any_size_in_any_pieces_is_read_octet_for_octet(int size)
    {
        byte[] octets = TestInbox.Octets("content", size);
        await using TestInbox inbox = TestInbox.Create();
        foreach (int piece in new[] { 1000, 4096, 50_000, int.MaxValue })
        {
            using ContentWriter content = inbox.Store.BeginContent();
            for (int start = 0; start < size; start += Math.Min(piece, size))
            {
                content.Append(octets.AsSpan(start, Math.Min(piece, size - start)));
            }
            Assert.Equal(size, content.Octets);
            StoredMessage added = await inbox.Store.AddAsync(TestInbox.Message("x"), content, CancellationToken.None);
            Assert.Equal(size, added.Size);
            Assert.Equal(octets, inbox.Read(added.Id));
        }
    }

    [Fact]
    public async Task Content_may_be_read_in_any_pieces_and_asynchronously()
    {
        await using TestInbox inbox = TestInbox.Create();
        StoredMessage added = await inbox.AddAsync("x", 5000);
        await using Stream stream = inbox.Store.OpenContent(added.Id)!;
        var octets = new List<byte>();
        byte[] buffer = new byte[7];
        for (int count; (count = await stream.ReadAsync(buffer)) > 0;)
        {
            octets.AddRange(buffer[..count]);
        }
        Assert.Equal(TestInbox.Octets("x", 5000), octets);
    }

    [Fact]
    public async Task Many_small_messages_share_one_segment_and_a_large_one_has_its_own()
    {
        await using TestInbox inbox = TestInbox.Create();
        for (int i = 0; i < 20; i++)
        {
            await inbox.AddAsync("small " + i, 100 * i);
        }
        Assert.Single(inbox.Segments);
        await inbox.AddAsync("large", 100_000);
        Assert.Equal(2, inbox.Segments.Length);
        Assert.Equal(21, inbox.SubjectsOfWholeMessages().Count);
    }

    [Fact]
    public async Task A_segment_that_is_large_enough_is_followed_by_another()
    {
        await using TestInbox inbox = TestInbox.Create(InboxLimits.Default with { SegmentOctets = 2500 });
        for (int i = 0; i < 6; i++)
        {
            await inbox.AddAsync("message " + i);
        }
        Assert.Equal(2, inbox.Segments.Length);
        Assert.Equal(6, inbox.SubjectsOfWholeMessages().Count);
    }

    [Fact]
    public async Task The_list_has_the_newest_first_and_goes_on_after_a_message_even_a_deleted_one()
    {
        await using TestInbox inbox = TestInbox.Create();
        var ids = new List<string>();
        for (int i = 0; i < 7; i++)
        {
            ids.Add((await inbox.AddAsync("message " + i)).Id);
        }
        ids.Reverse();

        IReadOnlyList<StoredMessage> first = inbox.Store.List(3, null);
        Assert.True(await inbox.Store.DeleteAsync(first[^1].Id, CancellationToken.None));
        await inbox.AddAsync("too late for the second page");
        IReadOnlyList<StoredMessage> second = inbox.Store.List(3, first[^1].Id);
        IReadOnlyList<StoredMessage> third = inbox.Store.List(3, second[^1].Id);

        Assert.Equal(ids, first.Concat(second).Concat(third).Select(message => message.Id));
        Assert.Empty(inbox.Store.List(3, third[^1].Id));
        Assert.Empty(inbox.Store.List(0, null));
        Assert.Empty(inbox.Store.List(-1, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0000000000000001")]
    [InlineData("ffffffffffffffff")]
    [InlineData("00000000000000001")]
    [InlineData("../../etc/passwd")]
    public async Task What_is_no_id_finds_nothing(string id)
    {
        await using TestInbox inbox = TestInbox.Create();
        await inbox.AddAsync("x");
        Assert.Null(inbox.Store.Find(id));
        Assert.Null(inbox.Store.OpenContent(id));
        Assert.False(await inbox.Store.DeleteAsync(id, CancellationToken.None));
        Assert.Empty(inbox.Store.List(10, id));
        Assert.Single(inbox.Store.List(10, null));
    }

    [Fact]
    public async Task An_id_in_upper_case_is_another_id()
    {
        await using TestInbox inbox = TestInbox.Create();
        string id = (await inbox.AddAsync("x")).Id;
        Assert.NotEqual(id, id.ToUpperInvariant());
        Assert.Null(inbox.Store.Find(id.ToUpperInvariant()));
    }

    [Fact]
    public async Task Ids_rise_whatever_the_clock_does_also_after_a_restart_and_the_deletion_of_the_newest()
    {
        await using TestInbox inbox = TestInbox.Create();
        var ids = new List<string> { (await inbox.AddAsync("first")).Id };
        inbox.Time.Advance(TimeSpan.FromHours(1));
        ids.Add((await inbox.AddAsync("an hour later")).Id);
        inbox.Time.AdjustTime(inbox.Time.GetUtcNow() - TimeSpan.FromDays(1));
        ids.Add((await inbox.AddAsync("a day before")).Id);
        await inbox.Store.DeleteAllAsync(CancellationToken.None);
        await inbox.ReopenAsync();
        ids.Add((await inbox.AddAsync("after the restart")).Id);

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_deleted_message_is_gone_with_its_file_and_the_others_stay()
    {
        await using TestInbox inbox = TestInbox.Create();
        string small = (await inbox.AddAsync("small")).Id;
        string large = (await inbox.AddAsync("large", 100_000)).Id;
        await inbox.AddAsync("stays");
        Assert.Equal(2, inbox.Segments.Length);

        Assert.True(await inbox.Store.DeleteAsync(small, CancellationToken.None));
        Assert.True(await inbox.Store.DeleteAsync(large, CancellationToken.None));

        Assert.False(await inbox.Store.DeleteAsync(large, CancellationToken.None));
        Assert.Null(inbox.Store.Find(small));
        Assert.Null(inbox.Store.OpenContent(large));
        Assert.Single(inbox.Segments);
        Assert.Equal(["stays"], inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task A_segment_goes_with_its_last_message_and_the_next_message_gets_a_new_one()
    {
        await using TestInbox inbox = TestInbox.Create();
        string id = (await inbox.AddAsync("one")).Id;
        await inbox.Store.DeleteAsync(id, CancellationToken.None);
        Assert.Empty(inbox.Segments);
        await inbox.AddAsync("two");
        await inbox.AddAsync("three", 100_000);
        await inbox.Store.DeleteAllAsync(CancellationToken.None);
        Assert.Empty(inbox.Segments);
        await inbox.Store.DeleteAllAsync(CancellationToken.None);
        await inbox.AddAsync("four");
        Assert.Equal(["four"], inbox.SubjectsOfWholeMessages());
    }

    [Fact]
    public async Task A_stream_outlives_the_deletion_of_its_message()
    {
        await using TestInbox inbox = TestInbox.Create();
        StoredMessage added = await inbox.AddAsync("x", 100_000);
        using Stream stream = inbox.Store.OpenContent(added.Id)!;
        await inbox.Store.DeleteAllAsync(CancellationToken.None);
        var octets = new MemoryStream();
        await stream.CopyToAsync(octets);
        Assert.Equal(TestInbox.Octets("x", 100_000), octets.ToArray());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(100_000)]
    public async Task A_damaged_octet_is_noticed_by_who_reads_to_the_end(int size)
    {
        await using TestInbox inbox = TestInbox.Create();
        StoredMessage added = await inbox.AddAsync("x", size);
        using (FileStream segment = File.Open(Assert.Single(inbox.Segments), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            segment.Position = SegmentFile.HeaderOctets + (size / 2);
            int octet = segment.ReadByte();
            segment.Position--;
            segment.WriteByte((byte)(octet ^ 1));
        }
        var exception = Assert.Throws<InboxException>(() => inbox.Read(added.Id));
        Assert.Contains(added.Id, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_is_missing_or_cut_is_an_error_not_an_end()
    {
        await using TestInbox inbox = TestInbox.Create();
        string first = (await inbox.AddAsync("first", 50_000)).Id;
        string second = (await inbox.AddAsync("second", 60_000)).Id;
        string[] segments = [.. inbox.Segments.Order(StringComparer.Ordinal)];
        File.Delete(segments[0]);
        using (FileStream segment = File.Open(segments[1], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            segment.SetLength(30_000);
        }
        Assert.Throws<InboxException>(() => inbox.Read(first));
        Assert.Throws<InboxException>(() => inbox.Read(second));
        Assert.Empty(inbox.Store.MissingFiles);
        await inbox.ReopenAsync();
        Assert.Equal([segments[0]], inbox.Store.MissingFiles);
    }

    [Fact]
    public async Task Content_is_added_once_and_what_is_dropped_leaves_no_file()
    {
        await using TestInbox inbox = TestInbox.Create();
        using ContentWriter content = inbox.Store.BeginContent();
        await inbox.Store.AddAsync(TestInbox.Message("x"), content, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await inbox.Store.AddAsync(TestInbox.Message("x"), content, CancellationToken.None));
        Assert.Throws<InvalidOperationException>(() => content.Append("x"u8));

        ContentWriter dropped = inbox.Store.BeginContent();
        dropped.Append(new byte[100_000]);
        Assert.Equal(2, inbox.Segments.Length);
        dropped.Dispose();
        Assert.Single(inbox.Segments);
        Assert.Single(inbox.Store.List(10, null));
    }

    [Fact]
    public async Task A_closed_store_takes_nothing()
    {
        await using TestInbox inbox = TestInbox.Create();
        ContentWriter content = inbox.Store.BeginContent();
        await inbox.Store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await inbox.Store.AddAsync(TestInbox.Message("x"), content, CancellationToken.None));
        Assert.Throws<ObjectDisposedException>(() => inbox.Store.List(1, null));
        Assert.False(File.Exists(Path.Combine(inbox.Folder, "inbox.db-wal")));
    }

    [Fact]
    public void The_checksum_is_the_one_the_format_names()
    {
        // The check value of CRC-32C, also in two pieces of odd length.
        var whole = new Checksum();
        whole.Append("123456789"u8);
        var pieces = new Checksum();
        pieces.Append("123"u8);
        pieces.Append("456789"u8);
        Assert.Equal(0xE3069283u, whole.Value);
        Assert.Equal(0xE3069283u, pieces.Value);
    }

    internal static void AssertSame(StoredMessage expected, StoredMessage? actual)
    {
        // Lists and dictionaries in a record are compared by reference; as JSON all is compared by value.
        Assert.NotNull(actual);
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
    }
}
