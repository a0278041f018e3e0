using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ehlo.App.Inbox;

/// <summary>What is read of many messages at once, on a connection that the caller gives.</summary>
internal static class InboxLists
{
    /// <summary>A page of what the query finds, and how many there are, all of one moment.</summary>
    public static InboxListing List(SqliteConnection connection, InboxQuery query, int limit, long before)
    {
        using SqliteTransaction moment = connection.BeginTransaction(deferred: true);
        var page = new QuerySql(query);
        page.Before(before);
        // One more than asked for tells whether there is a next page.
        List<StoredMessage> messages = Messages(page.Command(connection, MessageRow.SelectList, $"ORDER BY {page.Id} DESC LIMIT {limit + 1}"));
        bool hasNext = messages.Count > limit;
        if (hasNext)
        {
            messages.RemoveAt(limit);
        }
        // Where the first page is all there is it need not be counted again.
        (long total, long unread) = hasNext || before != long.MaxValue
            ? Count(connection, query)
            : (messages.Count, messages.Count(message => !message.IsRead));
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
        var sql = new QuerySql(query);
        using SqliteCommand command = sql.Command(connection, "SELECT entry.id FROM entry", $"ORDER BY {sql.Id}");
        using SqliteDataReader rows = command.ExecuteReader();
        var ids = new List<long>();
        while (rows.Read())
        {
            ids.Add(rows.GetInt64(0));
        }
        return ids;
    }

    /// <summary>Of the messages after the number, in their order, what the index of words is made from.</summary>
    public static void ReadPlacesAfter(SqliteConnection connection, long after, MessagePlaces places)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "SELECT id, sender, recipients, subject, segment, offset, size, checksum FROM message WHERE id > $after ORDER BY id";
        command.Parameters.AddWithValue("$after", after);
        using SqliteDataReader rows = command.ExecuteReader();
        places.Clear();
        while (!places.IsFull && rows.Read())
        {
            var place = new ContentPlace(rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6), (uint)rows.GetInt64(7));
            places.Add(new MessagePlace(rows.GetInt64(0), Text(rows, 1), Text(rows, 2), Text(rows, 3), place));
        }
    }

    // As SQLite has it, until the next row.
    private static ReadOnlySpan<byte> Text(SqliteDataReader rows, int column) => raw.sqlite3_column_blob(rows.Handle, column);

    /// <summary>The oldest of what the query finds, with the octets of their contents.</summary>
    public static List<(long Id, long Octets)> Oldest(SqliteConnection connection, InboxQuery query, int limit)
    {
        var sql = new QuerySql(query);
        using SqliteCommand command = sql.Command(connection, "SELECT entry.id, entry.size FROM entry", $"ORDER BY {sql.Id} LIMIT {limit}");
        using SqliteDataReader rows = command.ExecuteReader();
        var oldest = new List<(long, long)>();
        while (rows.Read())
        {
            oldest.Add((rows.GetInt64(0), rows.GetInt64(1)));
        }
        return oldest;
    }

    /// <summary>The numbers that are there, both ends with them.</summary>
    public static HashSet<long> IdsBetween(SqliteConnection connection, long first, long last)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM entry WHERE id BETWEEN $first AND $last";
        command.Parameters.AddWithValue("$first", first);
        command.Parameters.AddWithValue("$last", last);
        using SqliteDataReader rows = command.ExecuteReader();
        var ids = new HashSet<long>();
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
        // Of all messages the tags' own rows tell: menus ask for that after each change.
        string from = query.IsOfMailboxes && query.Mailboxes is null
            ? "message_tag"
            : "entry CROSS JOIN message_tag ON message_tag.message = entry.id";
        using SqliteCommand command = new QuerySql(query).Command(
            connection,
            $"SELECT tag.name, count(*) FROM {from} JOIN tag ON tag.id = message_tag.tag",
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
