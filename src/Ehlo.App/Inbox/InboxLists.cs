using System.Collections.Generic;
using Microsoft.Data.Sqlite;

namespace Ehlo.App.Inbox;

/// <summary>What is read of many messages at once, on a connection that the caller gives.</summary>
internal static class InboxLists
{
    /// <summary>A page of what the query finds, and how many there are, all of one moment.</summary>
    public static InboxListing List(SqliteConnection connection, InboxQuery query, int limit, long before)
    {
        using SqliteTransaction moment = connection.BeginTransaction(deferred: true);
        var page = new QuerySql(query);
        page.Add("entry.id < {0}", before);
        // One more than asked for tells whether there is a next page.
        List<StoredMessage> messages = Messages(page.Command(connection, MessageRow.SelectList, $"ORDER BY entry.id DESC LIMIT {limit + 1}"));
        bool hasNext = messages.Count > limit;
        if (hasNext)
        {
            messages.RemoveAt(limit);
        }
        (long total, long unread) = Count(connection, query);
        return new InboxListing
        {
            Messages = messages,
            Next = hasNext && limit > 0 ? messages[^1].Id : null,
            Total = total,
            Unread = unread,
        };
    }

    public static List<StoredMessage> Messages(SqliteCommand command)
    {
        using (command)
        using (SqliteDataReader rows = command.ExecuteReader())
        {
            var messages = new List<StoredMessage>();
            while (rows.Read())
            {
                messages.Add(MessageRow.Read(rows));
            }
            return messages;
        }
    }

    /// <summary>The numbers of all that the query finds, the oldest first.</summary>
    public static List<long> Ids(SqliteConnection connection, InboxQuery query)
    {
        using SqliteCommand command = new QuerySql(query).Command(connection, "SELECT entry.id FROM entry", "ORDER BY entry.id");
        using SqliteDataReader rows = command.ExecuteReader();
        var ids = new List<long>();
        while (rows.Read())
        {
            ids.Add(rows.GetInt64(0));
        }
        return ids;
    }

    /// <summary>In the order of their names, but for the default one, which is the first.</summary>
    public static List<MailboxSummary> Mailboxes(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT name, messages, unread, octets FROM mailbox ORDER BY id <> 1, name";
        using SqliteDataReader rows = command.ExecuteReader();
        var mailboxes = new List<MailboxSummary>();
        while (rows.Read())
        {
            mailboxes.Add(new MailboxSummary(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3)));
        }
        return mailboxes;
    }

    /// <summary>The tags that messages of the query have, in the order of their names.</summary>
    public static List<TagSummary> Tags(SqliteConnection connection, InboxQuery query)
    {
        using SqliteCommand command = new QuerySql(query).Command(
            connection,
            "SELECT tag.name, count(*) FROM tag JOIN message_tag ON message_tag.tag = tag.id JOIN entry ON entry.id = message_tag.message",
            "GROUP BY tag.id ORDER BY tag.name");
        using SqliteDataReader rows = command.ExecuteReader();
        var tags = new List<TagSummary>();
        while (rows.Read())
        {
            tags.Add(new TagSummary(rows.GetString(0), rows.GetInt64(1)));
        }
        return tags;
    }

    private static (long Total, long Unread) Count(SqliteConnection connection, InboxQuery query)
    {
        // The mailboxes keep their own counts; anything more is counted by a walk over the entries, which are short.
        using SqliteCommand command = query.IsOfMailboxes
            ? new QuerySql(query).Command(
                connection, "SELECT sum(messages), sum(unread) FROM (SELECT id AS mailbox, messages, unread FROM mailbox) AS entry")
            : new QuerySql(query).Command(connection, "SELECT count(*), coalesce(sum(entry.is_read = 0), 0) FROM entry");
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() && !row.IsDBNull(0) ? (row.GetInt64(0), row.GetInt64(1)) : (0, 0);
    }
}
