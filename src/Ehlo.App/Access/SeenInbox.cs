using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;

namespace Ehlo.App.Access;

/// <summary>
/// The inbox as somebody sees it: what is in the mailboxes of others is not there. API and pages know the inbox by this alone.
/// </summary>
/// <param name="store">The inbox.</param>
/// <param name="viewer">Who looks; asked each time, since a user may be removed while a page is open.</param>
internal sealed class SeenInbox(InboxStore store, Func<Viewer> viewer)
{
    public Viewer Viewer => viewer();

    /// <summary>Whether no mailbox is kept from this viewer.</summary>
    public bool SeesAll => Viewer.Mailboxes is null;

    /// <inheritdoc cref="InboxStore.List(InboxQuery, InboxPage)"/>
    public InboxListing List(InboxQuery query, InboxPage page) => store.List(Narrow(query), page);

    /// <inheritdoc cref="InboxStore.List(int, string?)"/>
    public IReadOnlyList<StoredMessage> List(int limit, string? after) => List(InboxQuery.All, new InboxPage(limit, after)).Messages;

    /// <inheritdoc cref="InboxStore.ListAsync"/>
    public ValueTask<InboxListing> ListAsync(InboxQuery query, InboxPage page, CancellationToken cancellationToken) =>
        store.ListAsync(Narrow(query), page, cancellationToken);

    /// <inheritdoc cref="InboxStore.CatchUpAsync"/>
    public ValueTask CatchUpAsync(InboxQuery query, CancellationToken cancellationToken) => store.CatchUpAsync(Narrow(query), cancellationToken);

    /// <inheritdoc cref="InboxStore.ListAfter"/>
    public IReadOnlyList<StoredMessage> ListAfter(InboxQuery query, int limit, string? after) => store.ListAfter(Narrow(query), limit, after);

    /// <inheritdoc cref="InboxStore.Find"/>
    public StoredMessage? Find(string id) => store.Find(id) is { } message && Sees(message.Mailbox) ? message : null;

    /// <summary>Whether the message is there, to this viewer.</summary>
    public bool Has(string id) => List(new InboxQuery { Ids = [id] }, new InboxPage(1)).Messages.Count > 0;

    /// <inheritdoc cref="InboxStore.OpenContent"/>
    public Stream? OpenContent(string id) => SeesAll || Has(id) ? store.OpenContent(id) : null;

    /// <inheritdoc cref="InboxStore.DeleteAsync(string, CancellationToken)"/>
    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        (SeesAll || Has(id)) && await store.DeleteAsync(id, cancellationToken);

    /// <inheritdoc cref="InboxStore.DeleteAsync(InboxQuery, CancellationToken)"/>
    public ValueTask<int> DeleteAsync(InboxQuery query, CancellationToken cancellationToken) => store.DeleteAsync(Narrow(query), cancellationToken);

    /// <summary>Deletes all that this viewer sees.</summary>
    public async ValueTask DeleteAllAsync(CancellationToken cancellationToken)
    {
        if (SeesAll) await store.DeleteAllAsync(cancellationToken);
        else await DeleteAsync(InboxQuery.All, cancellationToken);
    }

    /// <inheritdoc cref="InboxStore.EditAsync"/>
    public ValueTask<int> EditAsync(InboxQuery query, MessageEdit edit, CancellationToken cancellationToken) =>
        store.EditAsync(Narrow(query), edit, cancellationToken);

    /// <inheritdoc cref="InboxStore.WaitAsync"/>
    public Task<StoredMessage?> WaitAsync(MessageFilter filter, TimeSpan timeout, CancellationToken cancellationToken) =>
        store.WaitAsync(filter with { Mailboxes = Narrow(filter.Mailboxes) }, timeout, cancellationToken);

    /// <inheritdoc cref="InboxStore.Mailboxes"/>
    public IReadOnlyList<MailboxSummary> Mailboxes() => [.. store.Mailboxes().Where(mailbox => Sees(mailbox.Name))];

    /// <inheritdoc cref="InboxStore.Tags"/>
    public IReadOnlyList<TagSummary> Tags(InboxQuery query) => store.Tags(Narrow(query));

    /// <summary>As of the store; a tag stands at messages of others too, so it takes one who sees all.</summary>
    /// <exception cref="UnauthorizedAccessException">The viewer does not see all mailboxes.</exception>
    public ValueTask<bool> RenameTagAsync(string name, string newName, CancellationToken cancellationToken) =>
        SeesAll ? store.RenameTagAsync(name, newName, cancellationToken) : throw new UnauthorizedAccessException();

    /// <inheritdoc cref="RenameTagAsync"/>
    public ValueTask<bool> DeleteTagAsync(string name, CancellationToken cancellationToken) =>
        SeesAll ? store.DeleteTagAsync(name, cancellationToken) : throw new UnauthorizedAccessException();

    /// <summary>The number of the last change.</summary>
    public long LastChange => store.Changes.LastNumber;

    /// <inheritdoc cref="InboxChanges.Subscribe"/>
    public ChangeSubscription Subscribe(IReadOnlySet<string>? mailboxes = null) => store.Changes.Subscribe(Narrow(mailboxes));

    private bool Sees(string mailbox) => Viewer.Mailboxes?.Contains(mailbox) ?? true;

    private InboxQuery Narrow(InboxQuery query) => query with { Mailboxes = Narrow(query.Mailboxes) };

    private IReadOnlySet<string>? Narrow(IReadOnlySet<string>? wanted) => (wanted, Viewer.Mailboxes) switch
    {
        (null, var seen) => seen,
        (_, null) => wanted,
        ({ } some, { } seen) => some.Where(seen.Contains).ToHashSet(StringComparer.OrdinalIgnoreCase),
    };
}
