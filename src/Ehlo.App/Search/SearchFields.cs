using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Inbox;

namespace Ehlo.App.Search;

/// <summary>The text of each field that words are looked for in, of one message. What these hold is what the index holds.</summary>
internal sealed record SearchFields
{
    public required string From { get; init; }

    public required string To { get; init; }

    public required string Cc { get; init; }

    public required string Bcc { get; init; }

    public required string ReplyTo { get; init; }

    public required string Subject { get; init; }

    public required string MessageId { get; init; }

    public static SearchFields Of(StoredMessage message, Func<string, string?> header) => Of(message.From, message.To, message.Subject, header);

    /// <param name="sender">The reverse-path without brackets.</param>
    /// <param name="recipients">The forward-paths without brackets.</param>
    /// <param name="subject">The decoded subject.</param>
    /// <param name="header">The decoded value of a header field, or null.</param>
    public static SearchFields Of(string sender, IReadOnlyList<string> recipients, string subject, Func<string, string?> header)
    {
        string to = header("To") ?? "";
        string cc = header("Cc") ?? "";
        IEnumerable<string> blind = recipients.Where(path =>
            !to.Contains(path, StringComparison.OrdinalIgnoreCase) && !cc.Contains(path, StringComparison.OrdinalIgnoreCase));
        return new SearchFields
        {
            From = $"{sender}\n{header("From")}",
            To = $"{string.Join('\n', recipients)}\n{to}",
            Cc = cc,
            Bcc = $"{string.Join('\n', blind)}\n{header("Bcc")}",
            ReplyTo = header("Reply-To") ?? "",
            Subject = subject,
            MessageId = header("Message-Id") ?? "",
        };
    }

    /// <summary>Those that a search of the field looks into.</summary>
    public IEnumerable<string> Of(SearchField field) => field switch
    {
        SearchField.From => [From],
        SearchField.To => [To],
        SearchField.Cc => [Cc],
        SearchField.Bcc => [Bcc],
        SearchField.ReplyTo => [ReplyTo],
        SearchField.Subject => [Subject],
        SearchField.MessageId => [MessageId],
        SearchField.Addressed => [From, To, Cc, Bcc, ReplyTo],
        _ => [Subject, From, To, Cc, Bcc, ReplyTo, MessageId],
    };
}
