using System.Collections.Generic;
using MimeKit;

namespace Ehlo.App.Mime;

/// <summary>A part of a stored message: what its header says, and where its content is.</summary>
internal sealed class StoredPart
{
    private readonly List<StoredPart> _children = [];

    internal StoredPart(
        int number, StoredPart? parent, PartKind kind, ContentType type, IReadOnlyList<HeaderField> header, PartFields fields)
    {
        Number = number;
        Kind = kind;
        Parent = parent;
        MediaType = type.MimeType.ToLowerInvariant();
        Charset = type.Charset;
        Start = type.Parameters["start"];
        Header = header;
        Disposition = fields.Disposition;
        FileName = fields.FileName ?? type.Name;
        ContentId = fields.ContentId;
        Encoding = fields.Encoding;
        Description = fields.Description;
        parent?._children.Add(this);
    }

    /// <summary>0 for the message itself, then in the order in which parts begin.</summary>
    public int Number { get; }

    public StoredPart? Parent { get; }

    /// <summary>In lower case, without parameters: <c>text/html</c>.</summary>
    public string MediaType { get; }

    /// <summary>As it was said, or null.</summary>
    public string? Charset { get; }

    /// <summary>Of multipart/related: the Content-ID of the part to begin with, in angle brackets, or null.</summary>
    public string? Start { get; }

    /// <summary>As a stranger wrote it: never a path.</summary>
    public string? FileName { get; }

    /// <summary><c>attachment</c>, <c>inline</c>, another word, or null. In lower case.</summary>
    public string? Disposition { get; }

    /// <summary>Without angle brackets, or null.</summary>
    public string? ContentId { get; }

    /// <summary>Content-Description, decoded, or null.</summary>
    public string? Description { get; }

    public ContentEncoding Encoding { get; }

    /// <summary>Of the first part of a message: its own header with From, To and Subject.</summary>
    public IReadOnlyList<HeaderField> Header { get; }

    /// <summary>Where the content begins, in octets from the beginning of the message.</summary>
    public long Offset { get; internal set; }

    /// <summary>Octets of the content as it was sent.</summary>
    public long EncodedOctets { get; internal set; }

    /// <summary>Octets of the content once decoded.</summary>
    public long Octets { get; internal set; }

    public IReadOnlyList<StoredPart> Children => _children;

    public PartKind Kind { get; }

    /// <summary>Whether it has content of its own rather than further parts.</summary>
    public bool IsLeaf => Kind == PartKind.Leaf;

    /// <summary>A whole message within the message.</summary>
    public bool IsMessage => Kind == PartKind.Message;

    public bool IsText => MediaType.StartsWith("text/", System.StringComparison.Ordinal);
}

/// <summary>What a part was taken apart as. Nested too deep, a multipart is a leaf.</summary>
internal enum PartKind : byte
{
    Leaf,
    Multipart,
    Message,
}

/// <summary>What the fields of a part say of it beside its type.</summary>
internal readonly record struct PartFields(
    string? Disposition, string? FileName, string? ContentId, string? Description, ContentEncoding Encoding);
