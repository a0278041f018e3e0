using System;
using System.Buffers.Binary;

namespace Ehlo.App.Mime;

/// <summary>
/// What kind of picture some octets are, and how large it is, by their first octets alone. Pictures are never decoded here; the size keeps
/// one that is small as a file and enormous as pixels from a reader's browser.
/// </summary>
/// <param name="MediaType">One of the four that browsers show and that run nothing: PNG, JPEG, GIF, WebP.</param>
internal readonly record struct RasterImage(string MediaType, int Width, int Height)
{
    /// <summary>A camera's picture of 40 megapixels is 160 MB of pixels in a browser; no more.</summary>
    public const long MaxPixels = 40_000_000;

    /// <summary>How many octets <see cref="TryRead"/> wants: a JPEG may have a preview and a profile before its size.</summary>
    public const int HeadOctets = 256 * 1024;

    public bool IsShowable => Width > 0 && Height > 0 && (long)Width * Height <= MaxPixels;

    /// <returns>Null for what is none of the four, or is cut before its size.</returns>
    public static RasterImage? TryRead(ReadOnlySpan<byte> head)
    {
        if (IsPng(head))
        {
            return Of("image/png", BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..]));
        }
        if (head.Length >= 10 && (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)))
        {
            return Of("image/gif", BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..]));
        }
        if (head.Length >= 30 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8))
        {
            return ReadWebP(head[12..]);
        }
        return head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? ReadJpeg(head) : null;
    }

    private static bool IsPng(ReadOnlySpan<byte> head) =>
        head.Length >= 24 && head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) && head[12..].StartsWith("IHDR"u8);

    // Three forms: lossy, lossless, and extended with a canvas of its own.
    private static RasterImage? ReadWebP(ReadOnlySpan<byte> chunk)
    {
        if (chunk.StartsWith("VP8 "u8))
        {
            return Of("image/webp", BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]) & 0x3FFFu,
                BinaryPrimitives.ReadUInt16LittleEndian(chunk[16..]) & 0x3FFFu);
        }
        if (chunk.StartsWith("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[9..]);
            return Of("image/webp", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1);
        }
        if (chunk.StartsWith("VP8X"u8))
        {
            return Of("image/webp", ReadUInt24(chunk[12..]) + 1, ReadUInt24(chunk[15..]) + 1);
        }
        return null;
    }

    // Segments of a marker and a length, up to a start of frame (SOF0 to SOF15, but DHT, JPG and DAC, which have numbers between them).
    private static RasterImage? ReadJpeg(ReadOnlySpan<byte> head)
    {
        int at = 2;
        while (at + 9 <= head.Length && head[at] == 0xFF)
        {
            byte marker = head[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return Of("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(head[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(head[(at + 5)..]));
            }
            at += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(head[(at + 2)..]);
        }
        return null;
    }

    private static uint ReadUInt24(ReadOnlySpan<byte> octets) => (uint)(octets[0] | (octets[1] << 8) | (octets[2] << 16));

    private static RasterImage Of(string mediaType, uint width, uint height) =>
        new(mediaType, (int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue));
}
