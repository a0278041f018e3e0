using System;
using System.IO;
using System.IO.Pipelines;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Tests.Client;

/// <summary>A server of a few lines: says something at once, and answers each line with what a function says; null closes, "" says nothing.</summary>
internal sealed class ScriptedStream : Stream
{
    private readonly Pipe _replies = new(new(pauseWriterThreshold: 0));
    private readonly Func<string, string?> _answer;
    private readonly StringBuilder _line = new();

    public ScriptedStream(string greeting, Func<string, string?> answer)
    {
        _answer = answer;
        Say(greeting.Length == 0 ? null : greeting);
    }

    /// <summary>How often the client has written: its flights.</summary>
    public int Writes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _replies.Reader.AsStream(leaveOpen: true).ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Writes++;
        foreach (char c in Encoding.Latin1.GetString(buffer.Span))
        {
            if (c != '\n')
            {
                _line.Append(c);
                continue;
            }
            string line = _line.ToString().TrimEnd('\r');
            _line.Clear();
            Say(_answer(line));
        }
        return default;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Say(string? text)
    {
        if (text is null) _replies.Writer.Complete();
        else if (text.Length > 0) _ = _replies.Writer.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();
    }
}
