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

    private readonly List<Entry> _head = [];
    private readonly Queue<Entry> _tail = [];
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

    public int Count => _head.Count + _tail.Count;

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
            Add(other._firstLeftOut.At, other._firstLeftOut.IsClient, Encoding.UTF8.GetBytes(Marker(other.LeftOut)));
        }
        foreach (Entry entry in other._tail)
        {
            Add(entry);
        }
    }

    public void Clear()
    {
        _head.Clear();
        _tail.Clear();
        _headRoom = _headBudget;
        _tailRoom = _tailBudget;
        LeftOut = 0;
    }

    public void CopyTo(List<DialogueLine> lines)
    {
        foreach (Entry entry in _head)
        {
            lines.Add(Line(entry));
        }
        if (LeftOut > 0)
        {
            lines.Add(Line(_firstLeftOut) with { Line = Marker(LeftOut) });
        }
        foreach (Entry entry in _tail)
        {
            lines.Add(Line(entry));
        }
    }

    public static string Marker(int count) => string.Create(CultureInfo.InvariantCulture, $"[{count} lines left out]");

    private void Add(Entry entry)
    {
        if (_tail.Count == 0 && LeftOut == 0 && entry.Cost <= _headRoom)
        {
            _head.Add(entry);
            _headRoom -= entry.Cost;
            return;
        }
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

    private static DialogueLine Line(Entry entry) =>
        new(entry.At, entry.IsClient ? "client" : "server", Encoding.UTF8.GetString(entry.Text));

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
