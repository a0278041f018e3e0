using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

/// <summary>The form of the JSON is part of the format of the folder, whichever way it is written.</summary>
public sealed class RecordedLinesTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    [Fact]
    public void Their_JSON_is_that_of_the_lines()
    {
        RecordedLines recorded = new();
        recorded.Add(At, isClient: false, Encoding.UTF8.GetBytes("220 mx"));
        recorded.Add(At.AddTicks(1), isClient: true, Encoding.UTF8.GetBytes("MAIL FROM:<\"a\\\"'+&é日本😀\u007F\u2028>"));
        recorded.Add(At.AddTicks(120), isClient: true, []);
        DialogueLine[] lines =
        [
            new(At, "server", "220 mx"),
            new(At.AddTicks(1), "client", "MAIL FROM:<\"a\\\"'+&é日本😀\u007F\u2028>"),
            new(At.AddTicks(120), "client", ""),
        ];
        Assert.Equal(lines, recorded);
        Assert.Equal(lines[1], recorded[1]);
        Assert.Equal(
            JsonSerializer.Serialize(lines, InboxJson.Default.IReadOnlyListDialogueLine) + "\n",
            Encoding.UTF8.GetString([.. DialogueJson.Begin(recorded)]) + "]\n");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void Both_parts_of_a_dialogue_are_one_array(int said, int answered)
    {
        IReadOnlyList<DialogueLine> before = Lines("said", said);
        IReadOnlyList<DialogueLine> after = Lines("answered", answered);
        List<byte> json = [.. DialogueJson.Begin(before)];
        json.AddRange(DialogueJson.Separator(json.Count, after));
        json.AddRange(DialogueJson.End(after));
        Assert.Equal(before.Concat(after), JsonSerializer.Deserialize([.. json], InboxJson.Default.IReadOnlyListDialogueLine)!);
    }

    private static DialogueLine[] Lines(string text, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new DialogueLine(At.AddSeconds(i), "server", $"{text} {i}"))];
}
