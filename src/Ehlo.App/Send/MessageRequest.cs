namespace Ehlo.App.Send;

/// <summary>What is sent, as it was asked for: a message that is ready, or the parts of one to be made.</summary>
internal sealed record MessageRequest
{
    /// <summary>A file with a whole message, or "-" for standard input.</summary>
    public string? Message { get; init; }

    public string? Subject { get; init; }

    public string? Text { get; init; }

    public string? Html { get; init; }

    /// <summary>A file with the text, or "-" for standard input.</summary>
    public string? BodyFile { get; init; }

    public string[] Attachments { get; init; } = [];

    /// <summary>Header fields as <c>Name: value</c>.</summary>
    public string[] Headers { get; init; } = [];

    /// <summary>Octets that the text is filled up to, or null.</summary>
    public int? FillOctets { get; init; }

    public bool TakesInput => Message == "-" || BodyFile == "-";

    public bool IsMade => Subject is not null || Text is not null || Html is not null || BodyFile is not null || Attachments.Length > 0
        || Headers.Length > 0 || FillOctets is not null;
}
