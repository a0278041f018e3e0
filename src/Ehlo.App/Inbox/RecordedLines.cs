using System;
using System.Collections;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace Ehlo.App.Inbox;

/// <summary>
/// Lines as they were recorded, in UTF-8. They are written as JSON from there; the lines themselves, with their strings, are made only for
/// who reads them, which with most messages is nobody before they are on the disk.
/// </summary>
internal sealed class RecordedLines : IReadOnlyList<DialogueLine>
{
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText From = JsonEncodedText.Encode("from");
    private static readonly JsonEncodedText Line = JsonEncodedText.Encode("line");
    private static readonly JsonEncodedText Client = JsonEncodedText.Encode("client");
    private static readonly JsonEncodedText Server = JsonEncodedText.Encode("server");

    // A message of one recipient has some twenty.
    private readonly List<Entry> _entries = new(24);

    private readonly record struct Entry(DateTimeOffset At, bool IsClient, byte[] Text);

    public int Count => _entries.Count;

    /// <summary>The time of the last line so far.</summary>
    public DateTimeOffset LastAt => _entries[^1].At;

    public DialogueLine this[int index] =>
        new(_entries[index].At, _entries[index].IsClient ? "client" : "server", Encoding.UTF8.GetString(_entries[index].Text));

    /// <param name="text">As UTF-8; it is kept.</param>
    public void Add(DateTimeOffset at, bool isClient, byte[] text) => _entries.Add(new Entry(at, isClient, text));

    /// <summary>The same JSON as that of the lines.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (Entry entry in _entries)
        {
            json.WriteStartObject();
            json.WriteString(At, entry.At);
            json.WriteString(From, entry.IsClient ? Client : Server);
            json.WriteString(Line, entry.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public IEnumerator<DialogueLine> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
