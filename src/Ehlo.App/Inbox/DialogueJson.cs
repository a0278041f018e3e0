using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Ehlo.App.Inbox;

/// <summary>A dialogue as JSON in UTF-8, in two parts, since its last lines are known to the writer alone.</summary>
internal static class DialogueJson
{
    /// <summary>The array without its closing bracket.</summary>
    public static ReadOnlySpan<byte> Begin(IReadOnlyList<DialogueLine> lines) => Format(lines).AsSpan(..^1);

    /// <summary>The rest: the last lines, and the bracket.</summary>
    /// <param name="begun">What <see cref="Begin"/> gave.</param>
    public static ReadOnlySpan<byte> End(ReadOnlySpan<byte> begun, IReadOnlyList<DialogueLine> lines)
    {
        if (lines.Count == 0)
        {
            return "]"u8;
        }
        byte[] end = Format(lines);
        if (begun.Length == 1)
        {
            return end.AsSpan(1..);
        }
        end[0] = (byte)',';
        return end;
    }

    private static byte[] Format(IReadOnlyList<DialogueLine> lines) =>
        JsonSerializer.SerializeToUtf8Bytes(lines, InboxJson.Default.IReadOnlyListDialogueLine);
}
