using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text.Json.Serialization;
using Ehlo.App.Inbox;

namespace Ehlo.App.Console;

/// <summary>A message as the API's lists show it. The names are the API's contract: they never change, new ones may come.</summary>
internal record MessageSummary
{
    [Description("Opaque; in the order of arrival when compared as a string.")]
    public required string Id { get; init; }

    [Description("When the message was accepted, in UTC.")]
    public required DateTime ReceivedAt { get; init; }

    [Description("Octets of the content.")]
    public required long Size { get; init; }

    [Description("The decoded Subject field; empty where there is none.")]
    public required string Subject { get; init; }

    public required EnvelopeModel Envelope { get; init; }

    public required HelloModel Hello { get; init; }

    [Description("Null where the message came in clear.")]
    public required TlsModel? Tls { get; init; }

    [Description("The name that the client authenticated as, or null.")]
    public required string? Identity { get; init; }

    [Description("The id of the connection: the same for all messages that came over it.")]
    public required string Connection { get; init; }

    [Description("1 for the first session of the connection, 2 for the one after STARTTLS.")]
    public required int Session { get; init; }

    [Description("The name of the mailbox that it is in.")]
    public required string Mailbox { get; init; }

    [Description("Whether somebody has marked it as read.")]
    public required bool IsRead { get; init; }

    [Description("Its tags, by name.")]
    public required IReadOnlyList<string> Tags { get; init; }

    public static MessageSummary From(StoredMessage message) => new()
    {
        Id = message.Id,
        // A DateTime, since its JSON ends with Z; that of a DateTimeOffset ends with +00:00.
        ReceivedAt = message.ReceivedAt.UtcDateTime,
        Size = message.Size,
        Subject = message.Subject,
        Envelope = new EnvelopeModel(message.From, message.To, message.MailParameters, message.RcptParameters),
        Hello = new HelloModel(message.Hello.Verb, message.Hello.Name),
        Tls = message.Tls is { } tls ? new TlsModel(tls.Protocol, tls.Cipher, tls.ServerName, tls.ClientCertificate) : null,
        Identity = message.Identity,
        Connection = message.Connection,
        Session = message.Session,
        Mailbox = message.Mailbox,
        IsRead = message.IsRead,
        Tags = message.Tags,
    };
}

/// <summary>A message with the dialogue in which it came.</summary>
internal sealed record Message : MessageSummary
{
    // The copy constructor takes the summary's members, so that both are filled in one place.
    [SetsRequiredMembers]
    private Message(MessageSummary summary) : base(summary)
    {
    }

    [JsonPropertyOrder(1)]
    [Description("Greeting, hello, TLS, AUTH and the message's own transaction; at most 64 KiB, with the middle left out.")]
    public IReadOnlyList<DialogueLineModel> Dialogue { get; private init; } = [];

    public static new Message From(StoredMessage message) => new(MessageSummary.From(message))
    {
        Dialogue = [.. (message.Dialogue ?? []).Select(line => new DialogueLineModel(line.At.UtcDateTime, line.From, line.Line))],
    };
}

internal sealed record EnvelopeModel(
    [property: Description("The reverse-path without brackets; empty for the null reverse-path.")]
    string From,
    [property: Description("The forward-paths without brackets, in the order of the RCPT commands, duplicates kept.")]
    IReadOnlyList<string> To,
    [property: Description("Upper-case keyword to decoded value, or null where the parameter had no value.")]
    IReadOnlyDictionary<string, string?> MailParameters,
    [property: Description("One object for each member of \"to\".")]
    IReadOnlyList<IReadOnlyDictionary<string, string?>> RcptParameters);

internal sealed record HelloModel([property: Description("EHLO, HELO or LHLO.")] string Verb, string Name);

internal sealed record TlsModel(string Protocol, string Cipher, string? ServerName, string? ClientCertificate);

internal sealed record DialogueLineModel(
    DateTime At,
    [property: Description("\"client\" or \"server\".")]
    string From,
    [property: Description("Without its CRLF; secrets masked; octets that are not text as \\xNN.")]
    string Line);

internal sealed record MessageList(
    [property: Description("Newest first.")]
    IReadOnlyList<MessageSummary> Messages,
    [property: Description("What to give as \"after\" for the next page; null at the end.")]
    string? Next,
    [property: Description("How many there are on all pages.")]
    long Total,
    [property: Description("How many of them are unread.")]
    long Unread,
    [property: Description("Whether the newest messages cannot be searched yet, so that some may be missing here.")]
    bool IsIndexBehind);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MessageList))]
[JsonSerializable(typeof(Message))]
internal sealed partial class ApiJson : JsonSerializerContext;
