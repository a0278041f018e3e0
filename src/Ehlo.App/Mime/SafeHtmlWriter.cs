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

    private long _left = MaxOctets;

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
        if (part.Octets > Math.Min(MaxImageOctets, _left) || messages.Open(id, part) is not { } stream)
        {
            await output.WriteAsync("data:,"u8.ToArray(), cancellationToken);
            return;
        }
        _left -= part.Octets;
        await using (stream)
        {
            byte[] octets = new byte[part.Octets];
            int count = await stream.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellationToken);
            RasterImage? image = RasterImage.TryRead(octets.AsSpan(0, count));
            string type = image is { IsShowable: true } ? image.Value.MediaType : "application/octet-stream";
            await output.WriteAsync(Encoding.UTF8.GetBytes($"data:{type};base64,"), cancellationToken);
            if (image is { IsShowable: true })
            {
                await WriteBase64Async(octets.AsMemory(0, count), output, cancellationToken);
            }
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
