using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

/// <summary>A dialogue follows its content in a segment that is shared, and stands in the row of a content that has its own.</summary>
public sealed class InboxDialogueTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(10, 0, 1)]
    [InlineData(0, 1, 0)]
    [InlineData(1000, 1, 1)]
    [InlineData(32 * 1024, 40, 2)]
    [InlineData((32 * 1024) + 1, 0, 1)]
    [InlineData(100_000, 40, 2)]
    public async Task Its_lines_and_those_of_the_answer_are_read_as_they_were(int size, int lines, int answers)
    {
        await using TestInbox inbox = TestInbox.Create();
        DialogueLine[] said = [.. Enumerable.Range(0, lines).Select(i => new DialogueLine(At.AddTicks(i), "client", $"line {i} \"\\ é 日本"))];
        StoredMessage message = TestInbox.Message("x") with
        {
            Dialogue = said,
            Answer = id => [.. Enumerable.Range(0, answers).Select(i => new DialogueLine(At.AddDays(1), "server", $"250 {i} {id}"))],
        };
        StoredMessage other = await inbox.AddAsync(message with { Dialogue = null, Answer = null });
        StoredMessage added = await inbox.AddAsync(message, size);
        StoredMessage next = await inbox.AddAsync(message, size);
        await inbox.ReopenAsync();

        IReadOnlyList<DialogueLine> found = inbox.Store.Find(added.Id)!.Dialogue!;
        Assert.Equal(said, found.Take(lines));
        Assert.Equal(Enumerable.Range(0, answers).Select(i => $"250 {i} {added.Id}"), found.Skip(lines).Select(line => line.Line));
        Assert.Equal(found, added.Dialogue);
        Assert.Equal(lines + answers, inbox.Store.Find(next.Id)!.Dialogue!.Count);
        Assert.Null(inbox.Store.Find(other.Id)!.Dialogue);
        Assert.Equal(["x", "x", "x"], inbox.SubjectsOfWholeMessages());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_damaged_is_not_shown_and_the_rest_of_the_message_is(bool isMissing)
    {
        await using TestInbox inbox = TestInbox.Create();
        StoredMessage added = await inbox.AddAsync(TestInbox.Message("x") with { Dialogue = [new DialogueLine(At, "client", "EHLO damaged")] });
        await inbox.Store.DisposeAsync();
        string segment = Assert.Single(inbox.Segments);
        byte[] octets = File.ReadAllBytes(segment);
        octets[^20] ^= 1;
        File.WriteAllBytes(segment, octets);
        await inbox.ReopenAsync();
        if (isMissing)
        {
            File.Delete(segment);
        }

        StoredMessage found = inbox.Store.Find(added.Id)!;
        Assert.Equal("x", found.Subject);
        Assert.Equal("[The dialogue is damaged on the disk]", Assert.Single(found.Dialogue!).Line);
    }
}
