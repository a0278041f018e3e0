using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Inbox;
using Ehlo.App.Mailboxes;

namespace Ehlo.App.Access;

/// <summary>Who sees which mailbox: all users see one that names none.</summary>
/// <param name="mailboxes">All mailboxes of the configuration and the default one, with the names of their users; null for everybody.</param>
internal sealed class MailboxUsers(IReadOnlyList<(string Mailbox, IReadOnlyList<string>? Users)> mailboxes)
{
    /// <param name="configured">Those of the configuration.</param>
    public static MailboxUsers Of(IEnumerable<MailboxOptions> configured)
    {
        List<(string Mailbox, IReadOnlyList<string>? Users)> all = [.. configured.Select(mailbox => (mailbox.Name, mailbox.Users))];
        if (!all.Exists(mailbox => MailboxName.Comparer.Equals(mailbox.Mailbox, MailboxName.Default))) all.Add((MailboxName.Default, null));
        return new(all);
    }

    /// <summary>Whether a mailbox is kept from some.</summary>
    public bool AreLimited => mailboxes.Any(mailbox => mailbox.Users is not null);

    /// <summary>
    /// Null for all. Else only those of the configuration: of one that is no longer in it nobody knows whose it was.
    /// </summary>
    public IReadOnlySet<string>? SeenBy(string user) => AreLimited
        ? mailboxes.Where(mailbox => mailbox.Users?.Contains(user, StringComparer.Ordinal) ?? true)
            .Select(mailbox => mailbox.Mailbox).ToHashSet(MailboxName.Comparer)
        : null;
}
