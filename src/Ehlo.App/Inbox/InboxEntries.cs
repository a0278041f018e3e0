using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Data.Sqlite;

namespace Ehlo.App.Inbox;

/// <summary>
/// The small rows beside the messages' own, on the writing connection: in which mailbox each is, whether it was read, its tags, and the
/// counts of each mailbox. They are apart since they change and are counted, and the messages' rows are long.
/// </summary>
/// <remarks>
/// Each method but <see cref="Create"/> belongs into a transaction of the caller. What it learnt there is kept only when the caller says
/// <see cref="Keep"/> after the commit; <see cref="Forget"/> after anything else.
/// </remarks>
internal sealed class InboxEntries(SqliteConnection connection) : IDisposable
{
    // The counts are kept, since counting is a walk over all rows. The names are few; the writer keeps their numbers in memory.
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS mailbox (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            messages INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0, octets INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE TABLE IF NOT EXISTS entry (
            id INTEGER PRIMARY KEY, mailbox INTEGER NOT NULL, is_read INTEGER NOT NULL,
            received_at INTEGER NOT NULL, size INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE) STRICT;
        CREATE TABLE IF NOT EXISTS message_tag (
            tag INTEGER NOT NULL, message INTEGER NOT NULL, PRIMARY KEY (tag, message)) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS message_tag_message ON message_tag (message);
        INSERT OR IGNORE INTO mailbox (id, name) VALUES (1, 'Inbox');
        """;

    // Format 1 had no mailboxes: its messages are unread ones of the first. It may run again where a crash came before the new format's
    // number was written, so it takes what is there already as it is.
    private const string FromFormat1 =
        """
        INSERT OR IGNORE INTO entry (id, mailbox, is_read, received_at, size) SELECT id, 1, 0, received_at, size FROM message;
        UPDATE mailbox SET (messages, unread, octets) =
            (SELECT count(*), count(*) - coalesce(sum(is_read), 0), coalesce(sum(size), 0) FROM entry WHERE mailbox = mailbox.id);
        """;

    // A peer can make a tag for each message. As many as this fit a menu with a filter; names beyond are left out.
    private const int MaxTags = 10_000;

    private readonly Dictionary<string, long> _mailboxes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> _tags = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<long, Counts> _counts = [];
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private PreparedStatement? _add;
    private SqliteTransaction? _transaction;
    private bool _isLoaded;

    public void Create(int foundFormat)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        Begin(transaction);
        Execute(Schema);
        if (foundFormat < 2)
        {
            Execute(FromFormat1);
        }
        transaction.Commit();
        Forget();
    }

    public void Begin(SqliteTransaction transaction) => _transaction = transaction;

    /// <summary>Adds the entry of a message that is new, unread.</summary>
    /// <returns>The names of its tags as they are written already where they are known, without those that are too many.</returns>
    public IReadOnlyList<string> Add(long id, StoredMessage message, long size)
    {
        Load();
        long mailbox = MailboxOf(message.Mailbox);
        _add ??= new PreparedStatement(connection, "INSERT INTO entry (id, mailbox, is_read, received_at, size) VALUES (?, ?, 0, ?, ?)");
        _add.Bind(1, id);
        _add.Bind(2, mailbox);
        _add.Bind(3, message.ReceivedAt.UtcTicks);
        _add.Bind(4, size);
        _add.Run();
        Count(mailbox, 1, 1, size);
        return message.Tags.Count == 0 ? [] : [.. message.Tags.Take(TagName.MaxOfMessage).Where(tag => AddTag(id, tag))];
    }

    /// <summary>Makes the mailboxes that are missing; how many.</summary>
    public int Ensure(IEnumerable<string> mailboxes)
    {
        Load();
        int before = _mailboxes.Count;
        foreach (string name in mailboxes)
        {
            MailboxOf(name);
        }
        return _mailboxes.Count - before;
    }

    /// <summary>Those of the messages that are there and were marked otherwise before.</summary>
    public List<(long Id, string Mailbox)> Edit(IReadOnlyList<long> ids, MessageEdit edit)
    {
        Load();
        var changed = new List<(long, string)>();
        foreach (long id in ids)
        {
            if (Find(id) is { } entry && Edit(id, entry, edit))
            {
                changed.Add((id, NameOf(entry.Mailbox)));
            }
        }
        return changed;
    }

    /// <summary>Takes out the entries; those that were there, with the mailbox of each.</summary>
    public List<(long Id, string Mailbox)> Delete(IReadOnlyList<long> ids)
    {
        Load();
        var deleted = new List<(long, string)>();
        foreach (long id in ids)
        {
            if (Find(id) is { } entry)
            {
                Execute("DELETE FROM entry WHERE id = $1", id);
                Execute("DELETE FROM message_tag WHERE message = $1", id);
                Count(entry.Mailbox, -1, entry.IsRead ? 0 : -1, -entry.Size);
                deleted.Add((id, NameOf(entry.Mailbox)));
            }
        }
        return deleted;
    }

    public void DeleteAll()
    {
        Execute("DELETE FROM entry");
        Execute("DELETE FROM message_tag");
        Execute("DELETE FROM tag");
        Execute("UPDATE mailbox SET messages = 0, unread = 0, octets = 0");
        _tags.Clear();
    }

    /// <summary>Gives the tag another name; where that is a tag already, both become one. False for an unknown tag.</summary>
    public bool RenameTag(string name, string newName)
    {
        Load();
        if (!_tags.TryGetValue(name, out long old))
        {
            return false;
        }
        if (_tags.TryGetValue(newName, out long other) && other != old)
        {
            Execute("INSERT OR IGNORE INTO message_tag (tag, message) SELECT $1, message FROM message_tag WHERE tag = $2", other, old);
            return DeleteTag(name);
        }
        Execute("UPDATE tag SET name = $1 WHERE id = $2", newName, old);
        _tags.Remove(name);
        _tags[newName] = old;
        return true;
    }

    /// <summary>Takes the tag from all messages. False for an unknown tag.</summary>
    public bool DeleteTag(string name)
    {
        Load();
        if (!_tags.Remove(name, out long tag))
        {
            return false;
        }
        Execute("DELETE FROM message_tag WHERE tag = $1", tag);
        Execute("DELETE FROM tag WHERE id = $1", tag);
        return true;
    }

    /// <summary>Writes what the mailboxes' counts have changed by; the last step before the commit.</summary>
    public void WriteCounts()
    {
        foreach ((long mailbox, Counts change) in _counts)
        {
            Execute(
                "UPDATE mailbox SET messages = messages + $1, unread = unread + $2, octets = octets + $3 WHERE id = $4",
                change.Messages, change.Unread, change.Octets, mailbox);
        }
        _counts.Clear();
    }

    public void Keep() => _transaction = null;

    /// <summary>What is in memory may be of a transaction that was rolled back.</summary>
    public void Forget()
    {
        _transaction = null;
        _isLoaded = false;
        _counts.Clear();
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }
        _add?.Dispose();
    }

    private bool Edit(long id, Entry entry, MessageEdit edit)
    {
        bool changed = false;
        if (edit.IsRead is { } isRead && isRead != entry.IsRead)
        {
            Execute("UPDATE entry SET is_read = $1 WHERE id = $2", isRead ? 1L : 0L, id);
            Count(entry.Mailbox, 0, isRead ? -1 : 1, 0);
            changed = true;
        }
        foreach (string tag in edit.RemoveTags)
        {
            changed |= _tags.TryGetValue(tag, out long number)
                && Execute("DELETE FROM message_tag WHERE tag = $1 AND message = $2", number, id) > 0;
        }
        foreach (string tag in edit.AddTags)
        {
            changed |= HasRoomForTag(id) && AddTag(id, tag);
        }
        return changed;
    }

    private bool HasRoomForTag(long id)
    {
        using SqliteDataReader row = Command("SELECT count(*) FROM message_tag WHERE message = $1", id).ExecuteReader();
        return row.Read() && row.GetInt64(0) < TagName.MaxOfMessage;
    }

    /// <summary>Whether the message has it from now on and had it not before.</summary>
    private bool AddTag(long id, string tag)
    {
        if (!_tags.TryGetValue(tag, out long number))
        {
            if (_tags.Count >= MaxTags)
            {
                return false;
            }
            number = Insert("INSERT INTO tag (name) VALUES ($1) RETURNING id", tag);
            _tags[tag] = number;
        }
        return Execute("INSERT OR IGNORE INTO message_tag (tag, message) VALUES ($1, $2)", number, id) > 0;
    }

    private long MailboxOf(string name)
    {
        if (!_mailboxes.TryGetValue(name, out long mailbox))
        {
            mailbox = Insert("INSERT INTO mailbox (name) VALUES ($1) RETURNING id", name);
            _mailboxes[name] = mailbox;
        }
        return mailbox;
    }

    private string NameOf(long mailbox) => _mailboxes.First(pair => pair.Value == mailbox).Key;

    private Entry? Find(long id)
    {
        using SqliteDataReader row = Command("SELECT mailbox, is_read, size FROM entry WHERE id = $1", id).ExecuteReader();
        return row.Read() ? new Entry(row.GetInt64(0), row.GetInt64(1) != 0, row.GetInt64(2)) : null;
    }

    private void Count(long mailbox, long messages, long unread, long octets)
    {
        Counts counts = _counts.GetValueOrDefault(mailbox);
        _counts[mailbox] = new Counts(counts.Messages + messages, counts.Unread + unread, counts.Octets + octets);
    }

    private void Load()
    {
        if (_isLoaded)
        {
            return;
        }
        Load("SELECT id, name FROM mailbox", _mailboxes);
        Load("SELECT id, name FROM tag", _tags);
        _isLoaded = true;
    }

    private void Load(string sql, Dictionary<string, long> names)
    {
        names.Clear();
        using SqliteDataReader rows = Command(sql).ExecuteReader();
        while (rows.Read())
        {
            names[rows.GetString(1)] = rows.GetInt64(0);
        }
    }

    private long Insert(string sql, string name)
    {
        using SqliteDataReader row = Command(sql, name).ExecuteReader();
        row.Read();
        return row.GetInt64(0);
    }

    private int Execute(string sql, params ReadOnlySpan<object> arguments) => Command(sql, arguments).ExecuteNonQuery();

    /// <summary>A command that was prepared the first time.</summary>
    private SqliteCommand Command(string sql, params ReadOnlySpan<object> arguments)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 0; i < arguments.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter($"${i + 1}", DBNull.Value));
            }
            _commands.Add(sql, command);
        }
        command.Transaction = _transaction;
        for (int i = 0; i < arguments.Length; i++)
        {
            command.Parameters[i].Value = arguments[i];
        }
        return command;
    }

    private readonly record struct Entry(long Mailbox, bool IsRead, long Size);

    private readonly record struct Counts(long Messages, long Unread, long Octets);
}
