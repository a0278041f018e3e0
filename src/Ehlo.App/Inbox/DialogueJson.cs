using System;
using System.Collections.Generic;

namespace Ehlo.App.Inbox;

/// <summary>
/// A dialogue as JSON in UTF-8, in two parts, since its last lines are known to the writer alone. What is returned is gone when something
/// else is put together on the same thread.
/// </summary>
internal static class DialogueJson
{
    /// <summary>The array without its closing bracket.</summary>
    public static ReadOnlySpan<byte> Begin(IReadOnlyList<DialogueLine> lines) => Format(lines)[..^1];

    /// <summary>What stands before further lines.</summary>
    /// <param name="begunOctets">Of what <see cref="Begin"/> gave.</param>
    public static ReadOnlySpan<byte> Separator(int begunOctets, IReadOnlyList<DialogueLine> lines) =>
        begunOctets == 1 || lines.Count == 0 ? [] : ","u8;

    /// <summary>The rest: further lines, and the bracket.</summary>
    public static ReadOnlySpan<byte> End(IReadOnlyList<DialogueLine> lines) => lines.Count == 0 ? "]"u8 : Format(lines)[1..];

    private static ReadOnlySpan<byte> Format(IReadOnlyList<DialogueLine> lines)
    {
        JsonBuffer buffer = JsonBuffer.Take();
        buffer.AddJson(lines);
        return buffer.Octets;
    }
}
