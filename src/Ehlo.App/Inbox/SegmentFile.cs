// A segment holds contents, each with its dialogue where it has one. Which octets are a message is said by its row alone, so what a crash
// leaves behind the last row's octets is never looked at, and a segment no row speaks of is removed when the inbox is opened. Numbers are
// little-endian.
//
//   octet   0        8        16                 16 + a              16 + a + b
//           +--------+--------+------------------+-------------------+-----------------------+- - - - - - -
//           | "ehloseg1"      | content of the   | its dialogue,     | content of the second,| torn tail, if any
//           |        | number | first, a octets  | b octets of JSON  | its dialogue          |
//           +--------+--------+------------------+-------------------+-----------------------+- - - - - - -
//             8        8        no padding, no separator
//
//   row: (segment = number, offset = 16, size = a, checksum = CRC-32C of the a octets, dialogue_octets = b, dialogue_checksum of these)
//
// Files are `content/<number as 16 hexadecimal digits>.seg`. Small messages share the writer's current segment; a message above
// InboxLimits.HeldOctets has a segment of its own, written as it arrives, and its dialogue, which ends with the answer to it, in its row.
// Both are read, counted and removed in the same way.
// A segment is only ever appended to, by one writer, and never again after it was closed: a new start makes a new one.
using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Ehlo.App.Inbox;

/// <summary>A segment that is being written. One caller at a time.</summary>
internal sealed class SegmentFile : IDisposable
{
    public const int HeaderOctets = 16;

    private const string Extension = ".seg";

    private readonly DurableFiles _files;
    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private SegmentFile(DurableFiles files, SafeFileHandle handle, string path, long number)
    {
        _files = files;
        _handle = handle;
        _path = path;
        Number = number;
    }

    public long Number { get; }

    /// <summary>Where the next octet goes.</summary>
    public long Length { get; private set; }

    private static ReadOnlySpan<byte> Magic => "ehloseg1"u8;

    public static string PathOf(string folder, long number) =>
        Path.Combine(folder, number.ToString("x16", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The number in a file's name; null for a file that is none of ours.</summary>
    public static long? NumberOf(string path) =>
        Path.GetExtension(path) == Extension && long.TryParse(
            Path.GetFileNameWithoutExtension(path), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    public static SegmentFile Create(DurableFiles files, string folder, long number)
    {
        string path = PathOf(folder, number);
        var segment = new SegmentFile(files, files.Create(path), path, number);
        try
        {
            Span<byte> header = stackalloc byte[HeaderOctets];
            Magic.CopyTo(header);
            BinaryPrimitives.WriteInt64LittleEndian(header[Magic.Length..], number);
            segment.Append(header);
            return segment;
        }
        catch
        {
            segment.Discard();
            throw;
        }
    }

    /// <summary>A handle for reading; the file may be written and deleted meanwhile.</summary>
    /// <exception cref="FileNotFoundException">It was removed.</exception>
    public static SafeFileHandle OpenToRead(string folder, long number)
    {
        string path = PathOf(folder, number);
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderOctets];
        if (RandomAccess.Read(handle, header, 0) == HeaderOctets && header.StartsWith(Magic)
            && BinaryPrimitives.ReadInt64LittleEndian(header[Magic.Length..]) == number)
        {
            return handle;
        }
        handle.Dispose();
        throw new InboxException($"{path} is not the segment that its name says");
    }

    public void Append(ReadOnlySpan<byte> octets)
    {
        _files.Write(_handle, _path, octets, Length);
        Length += octets.Length;
    }

    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> octets)
    {
        _files.Write(_handle, _path, octets, Length);
        foreach (ReadOnlyMemory<byte> part in octets)
        {
            Length += part.Length;
        }
    }

    public void Flush() => _files.Flush(_handle, _path);

    /// <summary>Gives back the room behind <paramref name="length"/>, as far as the disk lets us.</summary>
    public void TryTruncate(long length)
    {
        try
        {
            _files.Truncate(_handle, _path, length);
        }
        catch (IOException)
        {
            // It stays as a tail that no row speaks of.
        }
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Closes and removes it.</summary>
    public void Discard()
    {
        Dispose();
        _files.TryDelete(_path); // What is left is removed when the inbox is opened next.
    }
}
