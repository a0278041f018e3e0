// The life of a content:
//
//   Open --Append--> Open        up to HeldOctets in one pooled buffer, beyond it in a segment of its own
//   Open --BeginAdd--> Adding    the store has it; Append throws, Dispose does nothing; a held content gets its dialogue
//   Open --a failed Append--> Closed
//   Open --Dispose--> Closed     buffer and file are dropped
//   Adding --EndAdd--> Closed    buffer is dropped; the file stays when a row speaks of it, or may do so
using System;
using System.Buffers;
using System.IO;
using System.Numerics;
using System.Threading;

namespace Ehlo.App.Inbox;

/// <summary>Takes the content of one message as it arrives. One caller at a time; bounded memory whatever the size.</summary>
internal sealed class ContentWriter : IDisposable
{
    private const int FirstBufferOctets = 4096;
    private const int Open = 0;
    private const int Adding = 1;
    private const int Closed = 2;

    private readonly int _heldOctets;
    private readonly HeldMemory _memory;
    private readonly Func<SegmentFile> _createFile;
    private Checksum _checksum = new();
    private byte[] _buffer = [];
    private int _taken;
    private int _buffered;
    private int _state;

    /// <param name="heldOctets">The most that this one holds; more goes to a file.</param>
    /// <param name="memory">What it shares with all others; where there is no room left, it goes to a file at once.</param>
    public ContentWriter(int heldOctets, HeldMemory memory, Func<SegmentFile> createFile)
    {
        _heldOctets = heldOctets;
        _memory = memory;
        _createFile = createFile;
    }

    public long Octets { get; private set; }

    /// <summary>Where the content is when it was too large to be held; null while it is held.</summary>
    internal SegmentFile? File { get; private set; }

    /// <summary>The content as far as it is held, and behind it the dialogue.</summary>
    internal ReadOnlyMemory<byte> Held => _buffer.AsMemory(0, _buffered);

    /// <summary>Of a content that is held whole.</summary>
    internal ReadOnlySpan<byte> Dialogue => _buffer.AsSpan((int)Octets, _buffered - (int)Octets);

    internal uint Checksum => _checksum.Value;

    /// <exception cref="InboxFullException">The disk is full. The content is dropped.</exception>
    /// <exception cref="InboxException">The disk failed. The content is dropped.</exception>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (Volatile.Read(ref _state) != Open)
        {
            throw new InvalidOperationException("The content was added or dropped before.");
        }
        try
        {
            Put(octets);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Dispose(); // Else a later Append would succeed and the content would have a hole.
            throw DiskFull.Explain(exception, "The content cannot be written");
        }
        Octets += octets.Length;
        _checksum.Append(octets);
    }

    /// <summary>Drops what was not added. After AddAsync was called it does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Open) == Open)
        {
            Release(keepFile: false);
        }
    }

    /// <summary>Hands the content to the store, which ends with <see cref="EndAdd"/>.</summary>
    internal void BeginAdd()
    {
        if (Interlocked.CompareExchange(ref _state, Adding, Open) != Open)
        {
            throw new InvalidOperationException("The content was added or dropped before.");
        }
    }

    /// <summary>Puts octets behind a content that is held whole, to be written with it.</summary>
    internal void AppendDialogue(ReadOnlySpan<byte> octets)
    {
        TryReserve(_buffered + octets.Length, isForced: true); // A few kilobytes, which have nowhere else to go.
        octets.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += octets.Length;
    }

    /// <summary>Writes what is still buffered and flushes the file, where there is one.</summary>
    internal void FlushFile()
    {
        if (File is { } file)
        {
            file.Append(Held.Span);
            _buffered = 0;
            file.Flush();
        }
    }

    internal void EndAdd(bool keepFile)
    {
        Volatile.Write(ref _state, Closed);
        Release(keepFile);
    }

    private void Put(ReadOnlySpan<byte> octets)
    {
        if (_buffered + octets.Length > _heldOctets || !TryReserve(_buffered + octets.Length, isForced: false))
        {
            File ??= _createFile();
            File.Append(Held.Span);
            _buffered = 0;
            if (octets.Length >= _heldOctets || !TryReserve(octets.Length, isForced: false))
            {
                File.Append(octets);
                return;
            }
        }
        octets.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += octets.Length;
    }

    private bool TryReserve(int octets, bool isForced)
    {
        if (octets <= _buffer.Length)
        {
            return true;
        }
        int doubled = Math.Min(Math.Max(FirstBufferOctets, 2 * _buffer.Length), _heldOctets);
        // As the pool rounds up.
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(octets, doubled));
        if (isForced)
        {
            _memory.Take(size);
        }
        else if (!_memory.TryTake(size))
        {
            return false;
        }
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        Held.Span.CopyTo(larger);
        ReturnBuffer();
        _buffer = larger;
        _taken = size;
        return true;
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        _memory.Give(_taken);
        _buffer = [];
        _taken = 0;
    }

    private void Release(bool keepFile)
    {
        _buffered = 0;
        ReturnBuffer();
        if (keepFile)
        {
            File?.Dispose();
        }
        else
        {
            File?.Discard();
        }
    }
}
