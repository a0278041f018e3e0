using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Check;

namespace Ehlo.App.Tests.Check;

/// <summary>A server's line on which one reply, counted from 1, is replaced: by another code, or by one with the fault asked for.</summary>
internal sealed class BrokenLine(Stream inner, int broken, ReplyFault fault) : Stream
{
    private int _replies;
    private byte[] _rest = [];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.Length == 0)
        {
            _rest = _replies + 1 == broken ? await BreakAsync(cancellationToken) : await LineAsync(cancellationToken);
            if (_rest.Length > 3 && _rest[3] != '-') _replies++;
        }
        int count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsSpan(0, count).CopyTo(buffer.Span);
        _rest = _rest[count..];
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private async Task<byte[]> BreakAsync(CancellationToken cancellationToken)
    {
        string line;
        do line = Encoding.Latin1.GetString(await LineAsync(cancellationToken));
        while (line.Length > 3 && line[3] == '-');
        // A close that is allowed is broken by talking on; 399 is a code that no step allows but where any success will do.
        if (line.Length < 5) line = "250 2.0.0 Ok\r\n";
        string text = line[4..];
        return Encoding.Latin1.GetBytes(fault switch
        {
            ReplyFault.BareLineEnd => line.Replace("\r\n", "\n", StringComparison.Ordinal),
            ReplyFault.TooLong => line[..4] + new string('x', 600) + "\r\n",
            ReplyFault.ControlCharacter => line[..4] + "\x01\r\n",
            ReplyFault.BadCode => "999 " + text,
            ReplyFault.BadSeparator => line[..3] + "_" + text,
            ReplyFault.MixedCodes => line[..3] + "-" + text + "251 " + text,
            ReplyFault.NoEnhancedCode => line[..4] + "Plain\r\n",
            ReplyFault.EnhancedClass => line[..4] + "3.0.0 Other\r\n",
            _ => "399 " + text,
        });
    }

    private async Task<byte[]> LineAsync(CancellationToken cancellationToken)
    {
        using MemoryStream line = new();
        byte[] octet = new byte[1];
        do
        {
            if (await inner.ReadAsync(octet, cancellationToken) == 0) break;
            line.Write(octet);
        }
        while (octet[0] != '\n');
        return line.ToArray();
    }
}
