using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Inbox;
using Ehlo.App.Search;

namespace Ehlo.App.Console;

/// <summary>The list that a tab shows: which messages are meant, the page of them, and which are selected.</summary>
internal sealed class InboxView(SeenInbox store)
{
    /// <summary>What a screen shows three or four times over. More would be held and sent for each tab, and seen by nobody.</summary>
    public const int PageLength = 100;

    private readonly HashSet<string> _selected = new(StringComparer.Ordinal);

    public InboxQuery Query { get; private set; } = InboxQuery.All;

    public InboxListing? Listing { get; private set; }

    /// <summary>What is wrong with the search, or with the inbox.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether all that the query finds is selected, on other pages too.</summary>
    public bool IsAllSelected { get; private set; }

    public bool HasSelection => IsAllSelected || _selected.Count > 0;

    public long SelectedCount => IsAllSelected ? Listing?.Total ?? 0 : _selected.Count;

    public bool IsPageSelected => Listing is { Messages.Count: > 0 } && Listing.Messages.All(message => IsSelected(message.Id));

    public bool IsSelected(string id) => IsAllSelected || _selected.Contains(id);

    /// <summary>Whether there is more than the one mailbox that is always there.</summary>
    public bool HasMailboxes { get; private set; }

    /// <summary>Whether the index of words is not where the inbox is: reading anew in a moment may find more.</summary>
    public bool IsUnsettled { get; private set; }

    /// <summary>Shows another query, with nothing selected.</summary>
    public Task ShowAsync(InboxQuery query, string? after)
    {
        ClearSelection();
        Query = query;
        return ReadAsync(after);
    }

    /// <summary>Shows what is wrong with what was asked for.</summary>
    public void ShowError(string error)
    {
        ClearSelection();
        Query = InboxQuery.All with { Ids = [] };
        (Listing, Error, IsUnsettled) = (null, error, false);
    }

    /// <summary>Reads the page anew; what is gone is selected no more.</summary>
    public async Task ReadAsync(string? after)
    {
        InboxQuery query = Query;
        try
        {
            InboxListing listing = await store.ListAsync(query, new InboxPage(PageLength, after), CancellationToken.None);
            if (!ReferenceEquals(query, Query))
            {
                return; // Another query was asked for meanwhile.
            }
            (Listing, Error, IsUnsettled) = (listing, null, listing.IsIndexBehind);
            HasMailboxes = store.Mailboxes().Count > 1;
        }
        catch (Exception exception) when (exception is InboxException or SearchIndexException)
        {
            (Error, IsUnsettled) = (exception.Message, exception is SearchIndexException);
            return;
        }
        _selected.IntersectWith(Listing.Messages.Select(message => message.Id));
        IsAllSelected &= Listing.Total > 0;
    }

    public void Select(string id, bool isSelected)
    {
        if (IsAllSelected)
        {
            // One less than all is what can be seen, less this one.
            IsAllSelected = false;
            _selected.UnionWith(Listing!.Messages.Select(message => message.Id));
        }
        _ = isSelected ? _selected.Add(id) : _selected.Remove(id);
    }

    public void SelectPage(bool isSelected)
    {
        ClearSelection();
        if (isSelected)
        {
            _selected.UnionWith(Listing!.Messages.Select(message => message.Id));
        }
    }

    public void SelectAll() => IsAllSelected = true;

    public void ClearSelection()
    {
        IsAllSelected = false;
        _selected.Clear();
    }

    /// <summary>The selected messages, or only the one that is named where none is.</summary>
    public InboxQuery Chosen(string? id) => HasSelection
        ? IsAllSelected ? Query : Query with { Ids = [.. _selected] }
        : InboxQuery.All with { Ids = id is null ? [] : [id] };

    public ValueTask<int> MarkAsync(InboxQuery messages, MessageEdit edit) => store.EditAsync(messages, edit, CancellationToken.None);

    public ValueTask<int> DeleteAsync(InboxQuery messages) => store.DeleteAsync(messages, CancellationToken.None);
}
