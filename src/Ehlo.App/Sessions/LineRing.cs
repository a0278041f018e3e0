using System;
using System.Text;

namespace Ehlo.App.Sessions;

/// <summary>
/// Texts one after the other in one array, the oldest taken out first. An array for each would live just long enough to be moved by the
/// collector some times before it is garbage, for each line of each connection.
/// </summary>
/// <param name="capacity">The most octets that it is given at once.</param>
internal sealed class LineRing(int capacity)
{
    private const int FirstOctets = 1024;

    private byte[] _octets = [];
    private int _start;
    private int _length;

    public void Add(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return;
        if (_length + text.Length > _octets.Length) Grow(_length + text.Length);
        int end = (_start + _length) % _octets.Length;
        int first = Math.Min(text.Length, _octets.Length - end);
        text[..first].CopyTo(_octets.AsSpan(end));
        text[first..].CopyTo(_octets);
        _length += text.Length;
    }

    public void RemoveFirst(int octets)
    {
        if (octets == 0) return;
        _start = (_start + octets) % _octets.Length;
        _length -= octets;
    }

    /// <summary>The text of so many octets that begins so many octets behind the oldest.</summary>
    public string Read(int offset, int octets)
    {
        if (octets == 0) return "";
        byte[] text = new byte[octets];
        CopyTo(offset, text);
        return Encoding.UTF8.GetString(text);
    }

    private void CopyTo(int offset, Span<byte> text)
    {
        int start = (_start + offset) % _octets.Length;
        int first = Math.Min(text.Length, _octets.Length - start);
        _octets.AsSpan(start, first).CopyTo(text);
        _octets.AsSpan(0, text.Length - first).CopyTo(text[first..]);
    }

    private void Grow(int octets)
    {
        byte[] larger = new byte[Math.Max(octets, Math.Min(Math.Max(FirstOctets, 2 * _octets.Length), capacity))];
        if (_length > 0) CopyTo(0, larger.AsSpan(0, _length));
        _octets = larger;
        _start = 0;
    }
}
