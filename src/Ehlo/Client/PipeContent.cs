using System;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>Content from a pipe, which is read once.</summary>
internal sealed class PipeContent : Content
{
    private readonly PipeReader _reader;

    public PipeContent(PipeReader reader, bool mends = false)
    {
        ArgumentNullException.ThrowIfNull(reader);
        (_reader, Mends) = (reader, mends);
    }

    public override Content Mended() => new PipeContent(_reader, mends: true);

    internal override async ValueTask PushAsync(IContentSink sink, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await _reader.ReadAsync(cancellationToken);
            if (result.IsCanceled) throw new OperationCanceledException("The reader's pending read was cancelled.");
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
            {
                for (ReadOnlyMemory<byte> rest = segment; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, BlockOctets)..])
                    await sink.TakeAsync(rest[..Math.Min(rest.Length, BlockOctets)]);
            }
            _reader.AdvanceTo(result.Buffer.End);
            if (!result.IsCompleted) continue;
            await _reader.CompleteAsync();
            return;
        }
    }
}
