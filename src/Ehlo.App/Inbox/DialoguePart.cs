using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Ehlo.App.Inbox;

/// <summary>Lines up to a budget: the first and the last of them, with a count of those left out between.</summary>
internal sealed class DialoguePart
{
    // What a line costs beside its text, in the JSON ("at", "from", "line", quotes and braces) as in memory.
    private const int LineOverhead = 80;

    private static readonly Queue<Entry> NoTail = [];

    private readonly List<Entry> _head = [];
    private Queue<Entry>? _tail; // Few ever have one.
    private readonly int _headBudget;
    private readonly int _tailBudget;
    private int _headRoom;
    private int _tailRoom;
    private Entry _firstLeftOut;

    public DialoguePart(int headBudget, int tailBudget)
    {
        _headBudget = _headRoom = headBudget;
        _tailBudget = _tailRoom = tailBudget;
    }

    /// <summary>UTF-8, since the text stays as long as its connection: half the memory of a string.</summary>
    private readonly record struct Entry(DateTimeOffset At, bool IsClient, byte[] Text, int Cost);

    public int LeftOut { get; private set; }

    public int Cost => _headBudget - _headRoom + _tailBudget - _tailRoom;

    public int Count => _head.Count + (_tail?.Count ?? 0);

    private Queue<Entry> Tail => _tail ?? NoTail;

    /// <param name="text">As UTF-8; it is kept.</param>
    public void Add(DateTimeOffset at, bool isClient, byte[] text) =>
        Add(new Entry(at, isClient, text, LineOverhead + text.Length + CountEscapes(text)));

    public void Add(DialoguePart other)
    {
        foreach (Entry entry in other._head)
        {
            Add(entry);
        }
        if (other.LeftOut > 0)
        {
            Add(other._firstLeftOut.At, other._firstLeftOut.IsClient, Marker(other.LeftOut));
        }
        foreach (Entry entry in other.Tail)
        {
            Add(entry);
        }
    }

    public void Clear()
    {
        _head.Clear();
        _tail?.Clear();
        _headRoom = _headBudget;
        _tailRoom = _tailBudget;
        LeftOut = 0;
    }

    public void CopyTo(RecordedLines lines)
    {
        foreach (Entry entry in _head)
        {
            lines.Add(entry.At, entry.IsClient, entry.Text);
        }
        if (LeftOut > 0)
        {
            lines.Add(_firstLeftOut.At, _firstLeftOut.IsClient, Marker(LeftOut));
        }
        foreach (Entry entry in Tail)
        {
            lines.Add(entry.At, entry.IsClient, entry.Text);
        }
    }

    public static byte[] Marker(int count) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{count} lines left out]"));

    private void Add(Entry entry)
    {
        if (Count == _head.Count && LeftOut == 0 && entry.Cost <= _headRoom)
        {
            _head.Add(entry);
            _headRoom -= entry.Cost;
            return;
        }
        _tail ??= [];
        _tail.Enqueue(entry);
        _tailRoom -= entry.Cost;
        while (_tailRoom < 0)
        {
            Entry oldest = _tail.Dequeue();
            _tailRoom += oldest.Cost;
            if (LeftOut++ == 0)
            {
                _firstLeftOut = oldest with { Text = [] };
            }
        }
    }

    private static int CountEscapes(byte[] text)
    {
        int count = 0;
        foreach (byte octet in text)
        {
            count += octet is (byte)'"' or (byte)'\\' ? 1 : 0;
        }
        return count;
    }
}
