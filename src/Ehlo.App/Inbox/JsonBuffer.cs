using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ehlo.App.Inbox;

/// <summary>Where texts and JSON are put together before they are copied to where they belong. One for a thread, to be used again.</summary>
internal sealed class JsonBuffer : IDisposable
{
    // What is larger is not kept: few messages have so much, and each thread that ever had one would hold on to it.
    private const int MaxKeptOctets = 64 * 1024;

    [ThreadStatic]
    private static JsonBuffer? _ofThread;

    private readonly ArrayBufferWriter<byte> _octets = new(4096);
    private readonly Utf8JsonWriter _json;

    private JsonBuffer() => _json = new Utf8JsonWriter(_octets);

    public ReadOnlySpan<byte> Octets => _octets.WrittenSpan;

    public int Length => _octets.WrittenCount;

    /// <summary>That of this thread, empty. What was in it is gone.</summary>
    public static JsonBuffer Take()
    {
        if (_ofThread is not { } buffer || buffer._octets.Capacity > MaxKeptOctets)
        {
            _ofThread?.Dispose();
            return _ofThread = new JsonBuffer();
        }
        buffer._octets.ResetWrittenCount();
        return buffer;
    }

    public void Add(string text) => Encoding.UTF8.GetBytes(text, _octets);

    public void AddJson<T>(T value, JsonTypeInfo<T> type)
    {
        _json.Reset();
        JsonSerializer.Serialize(_json, value, type);
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();

    public void AddJson(IReadOnlyList<DialogueLine> lines)
    {
        if (lines is not RecordedLines recorded)
        {
            AddJson(lines, InboxJson.Default.IReadOnlyListDialogueLine);
            return;
        }
        _json.Reset();
        recorded.WriteTo(_json);
        _json.Flush();
    }
}
