using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Mime;

/// <summary>
/// Writes a message's HTML with its own images within it, as data: addresses. So the frame may fetch nothing at all from this server, and
/// needs no permission to.
/// </summary>
internal sealed class SafeHtmlWriter(MessageMime messages, string id, StoredMime mime)
{
    // Pictures of a camera are 5 to 10 MB each. What is over either is among the attachments all the same.
    private const long MaxImageOctets = 16 * 1024 * 1024;

    // Of all places in one document: a small document may name one large image a thousand times.
    private const long MaxOctets = 48 * 1024 * 1024;

    // Each reads the message up to the image. Pictures that stand for spaces and corners are few, and named often.
    private const int MaxReadings = 100;

    private const int MaxKeptOctets = 64 * 1024;

    private readonly Dictionary<int, byte[]> _kept = [];
    private long _left = MaxOctets;
    private int _readings;

    public async Task WriteAsync(SafeHtml html, Stream output, CancellationToken cancellationToken)
    {
        string document = html.Document;
        int at = 0;
        while (true)
        {
            int marker = document.IndexOf(html.Marker, at, StringComparison.Ordinal);
            int end = marker < 0 ? -1 : document.IndexOf(';', marker);
            if (end < 0)
            {
                await output.WriteAsync(Encoding.UTF8.GetBytes(document, at, document.Length - at), cancellationToken);
                return;
            }
            await output.WriteAsync(Encoding.UTF8.GetBytes(document, at, marker - at), cancellationToken);
            int number = int.Parse(document.AsSpan(marker + html.Marker.Length, end - marker - html.Marker.Length), CultureInfo.InvariantCulture);
            await WriteImageAsync(mime.Parts[number], output, cancellationToken);
            at = end + 1;
        }
    }

    private async Task WriteImageAsync(StoredPart part, Stream output, CancellationToken cancellationToken)
    {
        byte[]? octets = part.Octets > Math.Min(MaxImageOctets, _left) ? null : await ReadAsync(part, cancellationToken);
        if (octets is null || RasterImage.TryRead(octets) is not { IsShowable: true } image)
        {
            await output.WriteAsync("data:,"u8.ToArray(), cancellationToken);
            return;
        }
        _left -= part.Octets;
        await output.WriteAsync(Encoding.UTF8.GetBytes($"data:{image.MediaType};base64,"), cancellationToken);
        await WriteBase64Async(octets, output, cancellationToken);
    }

    private async ValueTask<byte[]?> ReadAsync(StoredPart part, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(part.Number, out byte[]? kept))
        {
            return kept;
        }
        if (_readings++ >= MaxReadings || messages.Open(id, part) is not { } stream)
        {
            return null;
        }
        await using (stream)
        {
            byte[] octets = new byte[part.Octets];
            int count = await stream.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellationToken);
            Array.Resize(ref octets, count);
            if (count <= MaxKeptOctets)
            {
                _kept.Add(part.Number, octets);
            }
            return octets;
        }
    }

    private static async Task WriteBase64Async(ReadOnlyMemory<byte> octets, Stream output, CancellationToken cancellationToken)
    {
        const int Block = 48 * 1024; // Of three octets each, so that no padding comes but at the end.
        byte[] text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(Block));
        try
        {
            for (int at = 0; at < octets.Length; at += Block)
            {
                Base64.EncodeToUtf8(octets.Span.Slice(at, Math.Min(Block, octets.Length - at)), text, out _, out int written);
                await output.WriteAsync(text.AsMemory(0, written), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }
}
