using System.Collections.Generic;
using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Ehlo.App.Console;

/// <summary>What a message is made of. It is read key by key, so that each problem has its path; this describes it.</summary>
internal sealed record SendRequest
{
    [Description("\"ann@example.org\" or \"Ann <ann@example.org>\": the From field and the reverse-path.")]
    public required string From { get; init; }

    [Description("Addresses as in \"from\"; one of to, cc and bcc must have one.")]
    public IReadOnlyList<string>? To { get; init; }

    public IReadOnlyList<string>? Cc { get; init; }

    [Description("In the envelope only.")]
    public IReadOnlyList<string>? Bcc { get; init; }

    public string? Subject { get; init; }

    public string? Text { get; init; }

    public string? Html { get; init; }

    [Description("At most 100.")]
    public IReadOnlyList<SendAttachment>? Attachments { get; init; }

    [Description("Tags that the message gets in the inbox; at most 32.")]
    public IReadOnlyList<string>? Tags { get; init; }

    [Description("Further fields of the header, or others in the place of the usual ones; at most 100.")]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}

internal sealed record SendAttachment
{
    [Description("The name of the file.")]
    public required string Name { get; init; }

    [Description("The octets in base64.")]
    public required string Content { get; init; }

    [Description("As image/png; what the name tells where it is left out.")]
    public string? Type { get; init; }

    [Description("By which the HTML names it, as in src=\"cid:logo\".")]
    public string? ContentId { get; init; }
}

internal sealed record SendAnswer(
    [property: Description("The id of the message; null where all its recipients' mail is discarded.")]
    string? Id);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(SendAnswer))]
internal sealed partial class ApiSendJson : JsonSerializerContext;
