using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Inbox;

namespace Ehlo.App.Search;

/// <summary>A search that each message is compared with as it arrives: over its envelope, its header and its size, not over its text.</summary>
internal sealed class ArrivalFilter
{
    private readonly List<(SearchTerm Term, List<string> Words)> _terms;

    private ArrivalFilter(SearchQuery query) =>
        _terms = [.. query.Terms.Select(term => (term, term is SearchTerm.Text text ? SearchWords.Of(text.Words) : []))];

    /// <exception cref="SearchException">It cannot be read, is empty, or asks for what is not known of a message that arrives.</exception>
    public static ArrivalFilter Parse(string text)
    {
        SearchQuery query = SearchQuery.Parse(text) ?? throw new SearchException("A filter must hold at least one term", 0, 1);
        foreach (SearchTerm term in query.Terms)
        {
            if (term is SearchTerm.Tag or SearchTerm.Tagged or SearchTerm.Unread or SearchTerm.Attachment)
            {
                throw new SearchException("A filter cannot use tag:, is: or has:, which are not known when a message arrives", 0, text.Length);
            }
        }
        return new ArrivalFilter(query);
    }

    public bool Matches(StoredMessage message, SearchFields fields)
    {
        foreach ((SearchTerm term, List<string> words) in _terms)
        {
            if (Matches(term, words, message, fields) == term.IsNegated)
            {
                return false;
            }
        }
        return true;
    }

    private static bool Matches(SearchTerm term, List<string> words, StoredMessage message, SearchFields fields) => term switch
    {
        SearchTerm.Text text => fields.Of(text.Field).Any(field => SearchWords.Contains(SearchWords.Of(field), words, text.IsPrefix)),
        SearchTerm.Mailbox mailbox => MailboxName.Comparer.Equals(mailbox.Name, message.Mailbox),
        SearchTerm.Before before => message.ReceivedAt < before.At,
        SearchTerm.Since since => message.ReceivedAt >= since.At,
        SearchTerm.Larger larger => message.Size > larger.Octets,
        SearchTerm.Smaller smaller => message.Size < smaller.Octets,
        _ => throw new NotSupportedException(term.GetType().Name),
    };
}
