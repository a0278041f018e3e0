using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Ehlo.App.Access;
using Ehlo.App.Inbox;
using Ehlo.App.Search;
using Microsoft.AspNetCore.Http;

namespace Ehlo.App.Console;

/// <summary>Makes a query of the inbox of what a request says: the same for all end points that take a mailbox or a search.</summary>
internal sealed class Selections(SeenInbox inbox)
{
    // A page of the list twice; more go by a search.
    private const int MaxIds = 1000;

    /// <summary>False, with the problem to answer, where it cannot be read.</summary>
    /// <param name="search">What to search for, or null.</param>
    public bool TryRead(
        string? mailbox, string? search, [NotNullWhen(true)] out InboxQuery? query, [NotNullWhen(false)] out IResult? problem)
    {
        query = null;
        problem = null;
        if (mailbox is not null && !inbox.Mailboxes().Any(each => MailboxName.Comparer.Equals(each.Name, mailbox)))
        {
            problem = Problems.Of(StatusCodes.Status404NotFound, $"There is no mailbox \"{mailbox}\".");
            return false;
        }
        try
        {
            query = new InboxQuery
            {
                Mailboxes = mailbox is null ? null : MailboxName.SetOf(mailbox),
                Search = search is null ? null : SearchQuery.Parse(search),
            };
            return true;
        }
        catch (SearchException exception)
        {
            problem = Problems.BadSearch(exception);
            return false;
        }
    }

    public bool TryRead(SelectionModel selection, [NotNullWhen(true)] out InboxQuery? query, [NotNullWhen(false)] out IResult? problem)
    {
        if (selection.Ids is { } ids && ids.Count > MaxIds)
        {
            query = null;
            problem = Problems.BadRequest($"selection.ids: holds more than {MaxIds} ids.");
            return false;
        }
        if (!TryRead(selection.Mailbox, selection.Query, out query, out problem))
        {
            return false;
        }
        query = query with { Ids = selection.Ids };
        return true;
    }
}
