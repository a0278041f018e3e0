using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Mime;

/// <summary>How a part is handed out as a file.</summary>
internal static class PartFile
{
    public const string OctetStream = "application/octet-stream";

    // Names that files may have everywhere end before it.
    private const int MaxNameLength = 120;

    /// <summary>
    /// The type of one of the four kinds of image that browsers show and that run nothing, where the octets say the same and there are
    /// not too many pixels; else that of octets. What the sender calls a part decides nothing.
    /// </summary>
    public static async Task<string> TypeAsync(MessageMime messages, string id, StoredPart part, CancellationToken cancellationToken) =>
        await ReadImageAsync(messages, id, part, cancellationToken) is { IsShowable: true } image ? image.MediaType : OctetStream;

    public static async Task<RasterImage?> ReadImageAsync(MessageMime messages, string id, StoredPart part, CancellationToken cancellationToken)
    {
        if (!MayBeImage(part) || messages.Open(id, part) is not { } stream)
        {
            return null;
        }
        await using (stream)
        {
            byte[] head = new byte[Math.Min(RasterImage.HeadOctets, part.Octets)];
            int count = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
            return RasterImage.TryRead(head.AsSpan(0, count));
        }
    }

    /// <summary>A file name that is no path, has no control characters, and an ending where the type tells of one.</summary>
    public static string NameOf(StoredPart part)
    {
        string name = part.FileName ?? "";
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        name = string.Concat(name.Where(letter => !char.IsControl(letter) && !"<>:\"|?*".Contains(letter)
            && char.GetUnicodeCategory(letter) is not System.Globalization.UnicodeCategory.Format)).Trim().Trim('.');
        if (name.Length == 0)
        {
            return $"part-{part.Number}{EndingOf(part)}";
        }
        string ending = Path.GetExtension(name);
        return name.Length <= MaxNameLength ? name : name[..(MaxNameLength - Math.Min(ending.Length, 20))] + ending[..Math.Min(ending.Length, 20)];
    }

    // Without a word of an image in its header a part would be read for nothing.
    private static bool MayBeImage(StoredPart part) =>
        part.IsLeaf && (part.MediaType.StartsWith("image/", StringComparison.Ordinal) || part.MediaType == OctetStream);

    private static string EndingOf(StoredPart part) => part.MediaType switch
    {
        "text/plain" => ".txt",
        "text/html" => ".html",
        "text/calendar" => ".ics",
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "image/gif" => ".gif",
        "image/webp" => ".webp",
        "application/pdf" => ".pdf",
        _ => part.IsMessage ? ".eml" : ".bin",
    };
}
