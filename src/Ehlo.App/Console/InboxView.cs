using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;

namespace Ehlo.App.Console;

/// <summary>The list that a tab shows: which messages are meant, the page of them, and which are selected.</summary>
internal sealed class InboxView(InboxStore store)
{
    /// <summary>What a screen shows three or four times over; a row costs the tab about 2 KB.</summary>
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

    /// <summary>Shows another query, with nothing selected.</summary>
    public void Show(InboxQuery query, string? after)
    {
        ClearSelection();
        Query = query;
        Read(after);
    }

    /// <summary>Reads the page anew; what is gone is selected no more.</summary>
    public void Read(string? after)
    {
        try
        {
            Listing = store.List(Query, new InboxPage(PageLength, after));
            Error = null;
        }
        catch (InboxException exception)
        {
            Error = exception.Message;
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
