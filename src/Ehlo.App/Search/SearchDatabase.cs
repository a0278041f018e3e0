using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.Data.Sqlite;

namespace Ehlo.App.Search;

/// <summary>
/// The file `search.db`: the words of the messages, and up to which message they are there. It holds nothing that cannot be made anew from
/// the inbox. One caller at a time; searches read it on connections of their own.
/// </summary>
internal sealed class SearchDatabase : IDisposable
{
    public const string FileName = "search.db";

    // Whoever changes the schema, or what is put into it, raises the number: an index of another number is made anew.
    private const long Version = 1;

    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int ReadOnly = 8; // There is no shared memory yet, which a reader must not make.
    private const int InputOutput = 10;
    private const int CannotOpen = 14;
    private const int Protocol = 15;

    // NORMAL: a power cut may take the last transactions, with the position in them, and they are made again; it damages nothing. The log
    // is emptied rarely, since that flushes, and the inbox needs the disk more. Contentless: only the words are kept, not the text.
    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA wal_autocheckpoint = 4000;
        PRAGMA journal_size_limit = 33554432;
        PRAGMA temp_store = MEMORY;
        CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
            subject, sender, recipient, cc, bcc, reply_to, message_id, body,
            content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
        CREATE TABLE IF NOT EXISTS indexed (id INTEGER PRIMARY KEY, attachments INTEGER NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS indexed_attachments ON indexed (id) WHERE attachments > 0;
        CREATE TABLE IF NOT EXISTS state (only INTEGER PRIMARY KEY CHECK (only = 1), position INTEGER NOT NULL) STRICT;
        INSERT OR IGNORE INTO state (only, position) VALUES (1, 0);
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insertWords;
    private readonly SqliteCommand _insertIndexed;
    private readonly SqliteCommand _deleteWords;
    private readonly SqliteCommand _deleteIndexed;
    private readonly SqliteCommand _setPosition;

    private SearchDatabase(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        _insertWords = Command(
            "INSERT INTO words (rowid, subject, sender, recipient, cc, bcc, reply_to, message_id, body) "
                + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            9);
        _insertIndexed = Command("INSERT INTO indexed (id, attachments) VALUES ($1, $2)", 2);
        _deleteWords = Command("DELETE FROM words WHERE rowid = $1", 1);
        _deleteIndexed = Command("DELETE FROM indexed WHERE id = $1", 1);
        _setPosition = Command("UPDATE state SET position = $1", 1);
    }

    /// <summary>Opens the index; one that is missing, damaged, of another version, or ahead of the inbox is made anew, empty.</summary>
    /// <param name="lastId">The greatest number that a message of the inbox ever had.</param>
    public static SearchDatabase Open(string folder, long lastId)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            if (TryOpen(path) is { } found)
            {
                if (found.Position() <= lastId)
                {
                    return found;
                }
                found.Dispose(); // Of another inbox, whose folder this was.
            }
        }
        catch (SqliteException exception) when (IsDamage(exception))
        {
            // Made anew.
        }
        Remove(folder);
        return TryOpen(path) ?? throw new InvalidOperationException("A new index has no version.");
    }

    /// <summary>Removes the index, which nobody has open to write.</summary>
    public static void Remove(string folder)
    {
        foreach (string suffix in new[] { "", "-wal", "-shm", "-journal" })
        {
            File.Delete(Path.Combine(folder, FileName + suffix));
        }
    }

    /// <summary>Whether the file is not what SQLite wrote.</summary>
    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>What a reader tells of an index that it cannot use; null where the index is not the reason.</summary>
    public static SearchIndexException? Explain(SqliteException exception)
    {
        if (IsDamage(exception))
        {
            return new SearchIndexException("The search index is damaged; it is being made anew", isDamaged: true, exception);
        }
        // Between the removal of a damaged index and the first tables of the new one its files come and go. Should it be the disk that fails,
        // the indexer meets it too, and says so.
        bool mayPass = exception.SqliteErrorCode is ReadOnly or InputOutput or CannotOpen or Protocol
            || exception.Message.Contains("no such table: search.", StringComparison.Ordinal);
        return mayPass
            ? new SearchIndexException($"The search index cannot be read now; try again in a moment: {exception.Message}", inner: exception)
            : null;
    }

    /// <summary>The number of the last message whose words are there, and those of all before it.</summary>
    public long Position()
    {
        using SqliteCommand command = Command("SELECT position FROM state", 0);
        return (long)command.ExecuteScalar()!;
    }

    public SqliteTransaction Begin() => _connection.BeginTransaction();

    public void Add(SqliteTransaction transaction, IndexedMessage message)
    {
        SearchFields fields = message.Fields;
        Run(
            _insertWords,
            transaction,
            message.Id,
            fields.Subject,
            fields.From,
            fields.To,
            fields.Cc,
            fields.Bcc,
            fields.ReplyTo,
            fields.MessageId,
            message.Text);
        Run(_insertIndexed, transaction, message.Id, (long)message.Attachments);
    }

    public void SetPosition(SqliteTransaction transaction, long position) => Run(_setPosition, transaction, position);

    /// <summary>What is not there is passed over.</summary>
    public void Delete(SqliteTransaction transaction, IEnumerable<long> ids)
    {
        foreach (long id in ids)
        {
            // The index of words is told only of what it has: a row that never was would spoil its counts.
            if (Run(_deleteIndexed, transaction, id) > 0)
            {
                Run(_deleteWords, transaction, id);
            }
        }
    }

    /// <summary>The numbers that are there, in their order, after the given one.</summary>
    public List<long> Ids(long after, int limit)
    {
        using SqliteCommand command = Command("SELECT id FROM indexed WHERE id > $1 ORDER BY id LIMIT $2", 2);
        command.Parameters[0].Value = after;
        command.Parameters[1].Value = limit;
        using SqliteDataReader rows = command.ExecuteReader();
        var ids = new List<long>();
        while (rows.Read())
        {
            ids.Add(rows.GetInt64(0));
        }
        return ids;
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in new[] { _insertWords, _insertIndexed, _deleteWords, _deleteIndexed, _setPosition })
        {
            command.Dispose();
        }
        _connection.Dispose();
    }

    /// <summary>Null for an index of another version.</summary>
    private static SearchDatabase? TryOpen(string path)
    {
        bool isNew = !File.Exists(path);
        var database = new SearchDatabase(path);
        try
        {
            database._connection.Open();
            if (!isNew && !database.IsOfThisVersion())
            {
                database.Dispose();
                return null;
            }
            using SqliteCommand schema = database.Command($"{Schema} PRAGMA user_version = {Version};", 0);
            schema.ExecuteNonQuery();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static int Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
        return command.ExecuteNonQuery();
    }

    private bool IsOfThisVersion()
    {
        using SqliteCommand version = Command("PRAGMA user_version", 0);
        return (long)version.ExecuteScalar()! == Version;
    }

    private SqliteCommand Command(string sql, int parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter($"${i}", DBNull.Value));
        }
        return command;
    }
}
