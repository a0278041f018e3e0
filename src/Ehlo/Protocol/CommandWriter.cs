using System;
using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>
/// Writes one command line. It is the one place where a command becomes octets, so no CR, LF or other control character that some value
/// held can become a command of its own.
/// </summary>
internal ref struct CommandWriter(IBufferWriter<byte> output)
{
    // More than any command with all its parameters has (RFC 5321 section 4.5.3.1.4, with what extensions add). AUTH's lines may have
    // 12,288 octets (RFC 4954 section 4).
    public const int MaxLineOctets = 12288 + 2;

    private byte[] _line = ArrayPool<byte>.Shared.Rent(512);
    private int _length;

    public void Literal(scoped ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(Reserve(octets.Length));
        _length += octets.Length;
    }

    public void Text(string text)
    {
        Span<byte> room = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _length += Encoding.UTF8.GetBytes(text, room);
    }

    public void Number(long number)
    {
        Utf8Formatter.TryFormat(number, Reserve(20), out int written);
        _length += written;
    }

    /// <summary>A path in its brackets, as a string that was parsed.</summary>
    public void Path(string address)
    {
        Literal("<"u8);
        Text(address);
        Literal(">"u8);
    }

    /// <summary>A parameter of MAIL or RCPT, with a blank before it.</summary>
    public void Parameter(string keyword, string? value)
    {
        Literal(" "u8);
        Text(keyword);
        if (value is null) return;
        Literal("="u8);
        Text(value);
    }

    /// <summary>Ends the line and hands it over.</summary>
    /// <returns>Its octets with CRLF.</returns>
    /// <exception cref="ArgumentException">It holds a control character, or is too long; nothing was handed over.</exception>
    public int Complete()
    {
        ReadOnlySpan<byte> line = _line.AsSpan(0, _length);
        bool isGood = _length + 2 <= MaxLineOctets && !line.ContainsAnyInRange((byte)0, (byte)31) && !line.Contains((byte)127);
        if (isGood)
        {
            output.Write(line);
            output.Write("\r\n"u8);
        }
        ArrayPool<byte>.Shared.Return(_line);
        _line = [];
        if (!isGood) throw new ArgumentException("A command holds a control character, or is longer than any server takes.");
        return _length + 2;
    }

    private Span<byte> Reserve(int octets)
    {
        if (_line.Length - _length < octets)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_line.Length * 2, _length + octets));
            _line.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_line);
            _line = larger;
        }
        return _line.AsSpan(_length);
    }
}
