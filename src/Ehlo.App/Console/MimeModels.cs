using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Text.Json.Serialization;
using Ehlo.App.Mime;
using MimeKit;

namespace Ehlo.App.Console;

/// <summary>What a message is made of.</summary>
internal sealed record MimeModel(
    [property: Description("The message itself, with its parts; null for an empty message.")]
    PartModel? Root,
    [property: Description("Number of the text/plain body, or null.")]
    int? Text,
    [property: Description("Number of the text/html body, or null.")]
    int? Html,
    [property: Description("Numbers of what is neither a body nor made of parts.")]
    IReadOnlyList<int> Attachments,
    [property: Description("What of the message is not shown, in words; empty for ordinary mail.")]
    IReadOnlyList<string> Notes)
{
    public static MimeModel From(StoredMime mime) => new(
        mime.Parts.Count == 0 ? null : PartModel.From(mime.Parts[0]),
        mime.Text?.Number,
        mime.Html?.Number,
        [.. mime.Attachments.Select(part => part.Number)],
        mime.Notes);
}

internal sealed record PartModel(
    [property: Description("0 for the message itself, then in the order in which parts begin; what /parts/{number} takes.")]
    int Number,
    [property: Description("Such as text/html, in lower case.")]
    string MediaType,
    string? Charset,
    [property: Description("As the sender wrote it: do not take it for a path.")]
    string? FileName,
    [property: Description("\"attachment\", \"inline\", another word, or null.")]
    string? Disposition,
    [property: Description("Without angle brackets.")]
    string? ContentId,
    string? Description,
    [property: Description("The Content-Transfer-Encoding: 7bit, 8bit, binary, base64, quoted-printable, x-uuencode; null where none is given.")]
    string? Encoding,
    [property: Description("Octets once decoded.")]
    long Size,
    [property: Description("Octets as sent.")]
    long EncodedSize,
    IReadOnlyList<PartModel> Parts)
{
    // The depth of the tree is bounded.
    public static PartModel From(StoredPart part) => new(
        part.Number,
        part.MediaType,
        part.Charset,
        part.FileName,
        part.Disposition,
        part.ContentId,
        part.Description,
        NameOf(part.Encoding),
        part.Octets,
        part.EncodedOctets,
        [.. part.Children.Select(From)]);

    public static string? NameOf(ContentEncoding encoding) => encoding switch
    {
        ContentEncoding.SevenBit => "7bit",
        ContentEncoding.EightBit => "8bit",
        ContentEncoding.Binary => "binary",
        ContentEncoding.Base64 => "base64",
        ContentEncoding.QuotedPrintable => "quoted-printable",
        ContentEncoding.UUEncode => "x-uuencode",
        _ => null,
    };
}

internal sealed record HeaderFieldModel(
    string Name,
    [property: Description("Unfolded and decoded.")]
    string Value,
    [property: Description("As it was sent after the colon, with its folding.")]
    string Raw);

internal sealed record HeaderModel(
    [property: Description("In the order of the message.")]
    IReadOnlyList<HeaderFieldModel> Fields,
    IReadOnlyList<string> Notes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MimeModel))]
[JsonSerializable(typeof(HeaderModel))]
internal sealed partial class MimeJson : JsonSerializerContext;
