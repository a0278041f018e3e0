using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Inbox;

namespace Ehlo.App.Search;

/// <summary>A search as conditions on the rows of the inbox and of the index, which is attached as `search`.</summary>
internal static class SearchSql
{
    /// <summary>What the words that must be there become: an expression of FTS5; null where there are none.</summary>
    public static string? Wanted(SearchQuery query)
    {
        string wanted = string.Join(" AND ", Texts(query, isNegated: false));
        string[] unwanted = [.. Texts(query, isNegated: true)];
        return wanted.Length == 0 || unwanted.Length == 0 ? (wanted.Length == 0 ? null : wanted)
            : $"({wanted}) NOT ({string.Join(" OR ", unwanted)})";
    }

    /// <summary>What the words that must not be there become, where there are no others; else they are in <see cref="Wanted"/>.</summary>
    public static string? Unwanted(SearchQuery query) =>
        Texts(query, isNegated: false).Any() || !Texts(query, isNegated: true).Any() ? null : string.Join(" OR ", Texts(query, isNegated: true));

    public static void Add(QuerySql sql, SearchTerm term)
    {
        string not = term.IsNegated ? "NOT " : "";
        switch (term)
        {
            case SearchTerm.Text:
                break; // All of them together, by Wanted and Unwanted.
            case SearchTerm.Tag tag:
                sql.Add($"entry.id {not}IN (SELECT message FROM message_tag WHERE tag IN (SELECT id FROM tag WHERE name = {{0}}))", tag.Name);
                break;
            case SearchTerm.Mailbox mailbox:
                sql.Add($"entry.mailbox {not}IN (SELECT id FROM mailbox WHERE name = {{0}})", mailbox.Name);
                break;
            case SearchTerm.Unread:
                sql.Add("entry.is_read = {0}", term.IsNegated ? 1L : 0L);
                break;
            case SearchTerm.Tagged:
                sql.Add($"entry.id {not}IN (SELECT message FROM message_tag)");
                break;
            case SearchTerm.Attachment:
                sql.Add($"entry.id {not}IN (SELECT id FROM search.indexed WHERE attachments > 0)");
                break;
            case SearchTerm.Before before:
                sql.Add($"{not}entry.received_at < {{0}}", before.At.UtcTicks);
                break;
            case SearchTerm.Since since:
                sql.Add($"{not}entry.received_at >= {{0}}", since.At.UtcTicks);
                break;
            case SearchTerm.Larger larger:
                sql.Add($"{not}entry.size > {{0}}", larger.Octets);
                break;
            case SearchTerm.Smaller smaller:
                sql.Add($"{not}entry.size < {{0}}", smaller.Octets);
                break;
            default:
                throw new NotSupportedException(term.GetType().Name);
        }
    }

    private static IEnumerable<string> Texts(SearchQuery query, bool isNegated) =>
        query.Terms.OfType<SearchTerm.Text>().Where(text => text.IsNegated == isNegated).Select(Expression);

    // In double quotes everything is a string to FTS5, where only a double quote itself would end it; the parser lets none through, and
    // it is doubled here all the same.
    private static string Expression(SearchTerm.Text text)
    {
        string phrase = $"\"{text.Words.Replace("\"", "\"\"", StringComparison.Ordinal)}\"{(text.IsPrefix ? " *" : "")}";
        string? columns = text.Field switch
        {
            SearchField.From => "sender",
            SearchField.To => "recipient",
            SearchField.Cc => "cc",
            SearchField.Bcc => "bcc",
            SearchField.ReplyTo => "reply_to",
            SearchField.Addressed => "sender recipient cc bcc reply_to",
            SearchField.Subject => "subject",
            SearchField.MessageId => "message_id",
            _ => null,
        };
        return columns is null ? phrase : $"{{{columns}}} : {phrase}";
    }
}
