using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Testing;

/// <summary>Gives a content no faster than its rate: what came is held back until its time, and the peer's octets queue up behind it.</summary>
internal sealed class PacedReader(PipeReader content, int octetsPerSecond, TimeProvider time, CancellationToken ends) : PipeReader
{
    private ReadOnlySequence<byte> _given;
    private long _left; // Octets that were given, paid for and not consumed.

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ReadResult result = await content.ReadAsync(cancellationToken);
        _given = result.Buffer;
        long fresh = _given.Length - _left;
        _left = _given.Length;
        if (fresh > 0) await Task.Delay(TimeSpan.FromSeconds((double)fresh / octetsPerSecond), time, ends);
        return result;
    }

    /// <summary>Never: what is there has to wait for its time.</summary>
    public override bool TryRead(out ReadResult result)
    {
        result = default;
        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _left -= _given.Slice(_given.Start, consumed).Length;
        _given = default;
        content.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => content.CancelPendingRead();

    public override void Complete(Exception? exception = null) => content.Complete(exception);
}
