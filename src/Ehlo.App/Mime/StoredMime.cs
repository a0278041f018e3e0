using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;

namespace Ehlo.App.Mime;

/// <summary>What a stored message is made of: the tree of its parts, and which of them a reader is shown.</summary>
internal sealed class StoredMime
{
    private StoredMime(IReadOnlyList<StoredPart> parts, IReadOnlyList<string> notes)
    {
        Parts = parts;
        Notes = notes;
        Text = parts.Count == 0 ? null : BodyChoice.Find(parts[0], "text/plain");
        Html = parts.Count == 0 ? null : BodyChoice.Find(parts[0], "text/html");
        Attachments = [.. parts.Where(IsAttachment)];
    }

    /// <summary>In the order in which they begin: each at its <see cref="StoredPart.Number"/>. Never empty, but of an empty message.</summary>
    public IReadOnlyList<StoredPart> Parts { get; }

    /// <summary>What of the message is not shown, in plain words; empty for all ordinary mail.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The text/plain body, or null.</summary>
    public StoredPart? Text { get; }

    /// <summary>The text/html body, or null.</summary>
    public StoredPart? Html { get; }

    /// <summary>What is neither a body nor made of parts; images that the HTML body shows are among them, parts of attached messages not.</summary>
    public IReadOnlyList<StoredPart> Attachments { get; }

    /// <summary>The header of the message.</summary>
    public IReadOnlyList<HeaderField> Header => Parts.Count == 0 ? [] : Parts[0].Header;

    /// <summary>The decoded value of the first such field of the message, or null.</summary>
    public string? Field(string name) =>
        Header.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <summary>The part with this Content-ID, or null.</summary>
    public StoredPart? FindByContentId(string contentId) =>
        Parts.FirstOrDefault(part => string.Equals(part.ContentId, contentId, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Takes the message apart in one pass. Never throws for what is in it: garbage is a message without fields, whose content is the
    /// garbage.
    /// </summary>
    /// <exception cref="IOException">The stream failed.</exception>
    public static StoredMime Read(Stream content, MimeLimits limits, CancellationToken cancellationToken)
    {
        var reader = new MimeTreeReader(content, limits);
        reader.Read(cancellationToken);
        return new StoredMime(reader.Parts, reader.Notes);
    }

    private bool IsAttachment(StoredPart part)
    {
        if (part.Kind == PartKind.Multipart || part == Text || part == Html || IsWithinMessage(part))
        {
            return false;
        }
        // A body in a form that was not chosen, such as text/calendar, is worth a place; an empty text without a name is not.
        return part.FileName is not null || part.Disposition == "attachment" || !part.IsText || part.Octets > 0;
    }

    private static bool IsWithinMessage(StoredPart part)
    {
        for (StoredPart? parent = part.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent.IsMessage)
            {
                return true;
            }
        }
        return false;
    }
}
