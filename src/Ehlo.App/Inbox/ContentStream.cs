using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Ehlo.App.Inbox;

/// <summary>
/// The content of one message, from its first octet to its last, once. The last octets are given only when all of them agree with the
/// checksum: who read to the end has read what was stored. A deletion meanwhile takes nothing away from an open stream.
/// </summary>
internal sealed class ContentStream(SafeFileHandle file, long offset, long size, uint checksum, string id) : ReadOnceStream
{
    private Checksum _checksum = new();
    private long _read;

    public override long Length => size;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, size - _read)];
        return buffer.IsEmpty ? 0 : Check(RandomAccess.Read(file, buffer, offset + _read), buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, size - _read)];
        return buffer.IsEmpty
            ? 0
            : Check(await RandomAccess.ReadAsync(file, buffer, offset + _read, cancellationToken), buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }
        base.Dispose(disposing);
    }

    private int Check(int count, Span<byte> buffer)
    {
        _checksum.Append(buffer[..count]);
        _read += count;
        if (count == 0 || (_read == size && _checksum.Value != checksum))
        {
            buffer.Clear();
            throw new InboxException($"The content of message {id} is damaged on the disk");
        }
        return count;
    }
}
