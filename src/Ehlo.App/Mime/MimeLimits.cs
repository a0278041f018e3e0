namespace Ehlo.App.Mime;

/// <summary>How far a message is taken apart; each default stands beside its reason. Only tests set others.</summary>
/// <remarks>Decoding of transfer encodings only shrinks, and nothing is decompressed: the size of a message bounds all that comes of it.</remarks>
internal sealed record MimeLimits
{
    public static readonly MimeLimits Default = new();

    /// <summary>
    /// Mail of people nests three to six deep, a thread of forwarded messages perhaps twenty. Each level costs stack. It also is an object in a
    /// list of the API's JSON, which is not read beyond 64 levels by .NET and others unless they are told to.
    /// </summary>
    public int Depth { get; init; } = 30;

    /// <summary>More are on no page; a message of 50 MB can be millions of empty parts.</summary>
    public int Parts { get; init; } = 1000;

    /// <summary>Of one part. A message that went through many hands has a hundred.</summary>
    public int HeaderFields { get; init; } = 500;

    /// <summary>Of all fields of all parts: what common servers let through in a header, four times over.</summary>
    public int HeaderOctets { get; init; } = 256 * 1024;

    /// <summary>Decoded, of a body that is shown as text: a thick book.</summary>
    public int TextOctets { get; init; } = 2 * 1024 * 1024;

    /// <summary>Decoded, of a body that is shown as HTML. Newsletters have 100 KB; what is over it makes a browser slow.</summary>
    public int HtmlOctets { get; init; } = 2 * 1024 * 1024;
}
