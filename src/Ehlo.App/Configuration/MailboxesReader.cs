using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Ehlo.App.Inbox;
using Ehlo.App.Mailboxes;
using Ehlo.App.Search;

namespace Ehlo.App.Configuration;

/// <summary>Reads Mailboxes, Tags and Retention.</summary>
internal sealed class MailboxesReader(IReadOnlyList<ListenerOptions> listeners)
{
    // Each message goes through the rules of all; a thousand mailboxes are a menu nobody reads.
    private const int MaxMailboxes = 1000;

    // As long as a mail archive must be kept anywhere.
    private static readonly TimeSpan GreatestAge = TimeSpan.FromDays(36_500);

    public IReadOnlyList<MailboxOptions> Read(SectionReader root)
    {
        IReadOnlyList<SectionReader> sections = root.Sections("Mailboxes") ?? [];
        if (sections.Count > MaxMailboxes)
        {
            root.Problem("Mailboxes", $"must hold at most {MaxMailboxes} mailboxes");
            return [];
        }
        List<MailboxOptions> mailboxes = [];
        foreach (SectionReader section in sections)
        {
            if (ReadMailbox(section) is not { } mailbox)
            {
                continue;
            }
            if (mailboxes.Any(other => MailboxName.Comparer.Equals(other.Name, mailbox.Name)))
            {
                section.Problem("Name", "given to two mailboxes");
            }
            mailboxes.Add(mailbox);
        }
        return mailboxes;
    }

    public static TagOptions ReadTags(SectionReader section)
    {
        TagOptions defaults = new();
        List<TagFilter> filters = [];
        foreach (SectionReader filter in section.Sections("Filters") ?? [])
        {
            ArrivalFilter? search = ReadFilter(filter);
            IReadOnlyList<string> tags = ReadTagNames(filter);
            filter.RefuseTheRest();
            if (search is not null)
            {
                filters.Add(new TagFilter(search, tags));
            }
        }
        TagOptions options = new()
        {
            PlusAddress = section.Boolean("PlusAddress", defaults.PlusAddress),
            XTags = section.Boolean("XTags", defaults.XTags),
            Identity = section.Boolean("Identity", defaults.Identity),
            Filters = filters,
        };
        section.RefuseTheRest();
        return options;
    }

    public static RetentionOptions ReadRetention(SectionReader section)
    {
        RetentionOptions retention = new()
        {
            MaxAge = section.Has("MaxAge") && !section.IsNull("MaxAge")
                ? section.Duration("MaxAge", TimeSpan.FromDays(1), TimeSpan.FromMinutes(1), GreatestAge)
                : null,
            MaxMessages = section.OptionalInteger("MaxMessages", 1, long.MaxValue),
            MaxOctets = section.OptionalInteger("MaxOctets", 1, long.MaxValue),
        };
        section.RefuseTheRest();
        return retention;
    }

    private static ArrivalFilter? ReadFilter(SectionReader section)
    {
        if (section.RequiredText("Search") is not { } text)
        {
            return null;
        }
        try
        {
            return ArrivalFilter.Parse(text);
        }
        catch (SearchException exception)
        {
            section.Problem("Search", $"{exception.Message} (at character {exception.Position + 1})");
            return null;
        }
    }

    private static IReadOnlyList<string> ReadTagNames(SectionReader section)
    {
        IReadOnlyList<string> tags = section.Texts("Tags") ?? [];
        if (tags.Count == 0)
        {
            section.Problem("Tags", "must hold at least one tag");
        }
        for (int i = 0; i < tags.Count; i++)
        {
            if (!TagName.IsValid(tags[i]))
            {
                section.Problem($"Tags[{i}]", TagName.Rule);
            }
        }
        return tags;
    }

    private MailboxOptions? ReadMailbox(SectionReader section)
    {
        string? name = section.RequiredText("Name");
        if (name is not null && !MailboxName.IsValid(name))
        {
            section.Problem("Name", MailboxName.Rule);
        }
        MailboxOptions mailbox = new()
        {
            // The default one has one spelling, whatever case the file has it in.
            Name = MailboxName.Comparer.Equals(name, MailboxName.Default) ? MailboxName.Default : name ?? "",
            Rules = [.. (section.Sections("Rules") ?? []).Select(ReadRule)],
            Users = section.Texts("Users"),
            Retention = ReadRetention(section.Section("Retention")),
        };
        if (mailbox.Rules.Count == 0 && mailbox.Name != MailboxName.Default)
        {
            section.Problem("Rules", "must hold at least one rule: without one no message comes here");
        }
        section.RefuseTheRest();
        return name is null ? null : mailbox;
    }

    private MailboxRule ReadRule(SectionReader section)
    {
        (string? header, string value) = ReadHeader(section);
        IReadOnlyList<IPNetwork> source = new NetworksReader(section).Read("Source");
        MailboxRule rule = new()
        {
            Recipient = section.Text("Recipient"),
            Identity = section.Text("Identity"),
            HeaderName = header,
            HeaderValue = value,
            Source = source,
            Listener = RoutesReader.ReadListener(section, listeners),
        };
        if (section.Has("Source") && section.Texts("Source") is { Count: 0 })
        {
            section.Problem("Source", "must hold at least one address or network");
        }
        section.RefuseTheRest();
        return rule;
    }

    // "X-Run: build-*", or the name alone for a field with any value.
    private static (string? Name, string Value) ReadHeader(SectionReader section)
    {
        if (section.Text("Header") is not { } text)
        {
            return (null, "*");
        }
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        // RFC 5322 section 2.2: printable ASCII but the colon.
        if (parts[0].Length == 0 || !parts[0].All(c => c is > ' ' and <= '~'))
        {
            section.Problem("Header", "must be the name of a header field, or its name and value, as in \"X-Run: build-*\"");
        }
        return (parts[0], parts.Length > 1 && parts[1].Length > 0 ? parts[1] : "*");
    }
}
