using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Inbox;
using Ehlo.App.Search;

namespace Ehlo.App.Mailboxes;

/// <summary>Says for each message that arrives in which mailbox it belongs and which tags it gets.</summary>
internal sealed class Arrival(IReadOnlyList<MailboxOptions> mailboxes, TagOptions tags)
{
    /// <summary>The message with both.</summary>
    /// <param name="message">As it will be stored, with its size.</param>
    /// <param name="listener">The configured endpoint that it came over.</param>
    /// <param name="header">The decoded value of a header field, or null.</param>
    public StoredMessage Arrange(StoredMessage message, string listener, Func<string, string?> header)
    {
        string mailbox = MailboxOf(message, listener, header);
        if (mailbox != message.Mailbox)
        {
            message = message with { Mailbox = mailbox };
        }
        List<string>? found = TagsOf(message, header);
        return found is null ? message : message with { Tags = found };
    }

    private string MailboxOf(StoredMessage message, string listener, Func<string, string?> header)
    {
        foreach (MailboxOptions mailbox in mailboxes)
        {
            foreach (MailboxRule rule in mailbox.Rules)
            {
                if (rule.Matches(message, listener, header))
                {
                    return mailbox.Name;
                }
            }
        }
        return MailboxName.Default;
    }

    /// <summary>Most messages have none, and cost next to nothing.</summary>
    private List<string>? TagsOf(StoredMessage message, Func<string, string?> header)
    {
        List<string>? found = null;
        if (tags.PlusAddress)
        {
            foreach (string recipient in message.To)
            {
                Add(ref found, PlusTags(recipient));
            }
        }
        if (tags.XTags && header("X-Tags") is { } field)
        {
            Add(ref found, field.Split(',', StringSplitOptions.TrimEntries));
        }
        if (tags.Identity && message.Identity is { } identity)
        {
            Add(ref found, [identity]);
        }
        if (tags.Filters.Count > 0)
        {
            SearchFields fields = SearchFields.Of(message, header);
            foreach (TagFilter filter in tags.Filters.Where(filter => filter.Filter.Matches(message, fields)))
            {
                Add(ref found, filter.Tags);
            }
        }
        return found;
    }

    /// <summary>What somebody else wrote and is no name of a tag is left out: a tag is a help, and no reason to refuse mail.</summary>
    private static void Add(ref List<string>? found, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (TagName.IsValid(name) && found?.Contains(name, StringComparer.OrdinalIgnoreCase) != true && found?.Count != TagName.MaxOfMessage)
            {
                (found ??= []).Add(name);
            }
        }
    }

    private static string[] PlusTags(string recipient)
    {
        int plus = recipient.IndexOf('+', StringComparison.Ordinal);
        int at = recipient.LastIndexOf('@');
        return plus >= 0 && plus < at ? recipient[(plus + 1)..at].Split('+') : [];
    }
}
