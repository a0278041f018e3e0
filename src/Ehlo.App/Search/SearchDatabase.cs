using System;
using System.Collections.Generic;
using System.IO;
using Ehlo.App.Inbox;
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
    private const long Version = 2;

    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int ReadOnly = 8; // There is no shared memory yet, which a reader must not make.
    private const int InputOutput = 10;
    private const int CannotOpen = 14;
    private const int Protocol = 15;

    // NORMAL: a power cut may take the last transactions, with the position in them, and they are made again; it damages nothing. The log
    // is emptied at 4 MB, since that flushes, and the inbox, which needs the disk more, waits for what is flushed at once. Contentless: only
    // the words are kept, not the text.
    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA wal_autocheckpoint = 1000;
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
    private readonly List<PreparedStatement> _statements = [];
    private PreparedStatement _insertWords = null!; // All of them are prepared before anybody has this.
    private PreparedStatement _insertIndexed = null!;
    private PreparedStatement _deleteWords = null!;
    private PreparedStatement _deleteIndexed = null!;
    private PreparedStatement _setPosition = null!;

    private SearchDatabase(string path) =>
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);

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
        using SqliteCommand command = Command("SELECT position FROM state");
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>What follows is done in it.</summary>
    public SqliteTransaction Begin() => _connection.BeginTransaction();

    public void Add(IndexedMessage message)
    {
        _insertWords.Bind(1, message.Id);
        for (int column = 0; column < IndexedMessage.Columns; column++)
        {
            _insertWords.Bind(column + 2, message[column]);
        }
        _insertWords.Run();
        _insertIndexed.Bind(1, message.Id);
        _insertIndexed.Bind(2, message.Attachments);
        _insertIndexed.Run();
    }

    public void SetPosition(long position)
    {
        _setPosition.Bind(1, position);
        _setPosition.Run();
    }

    /// <summary>What is not there is passed over.</summary>
    public void Delete(IEnumerable<long> ids)
    {
        foreach (long id in ids)
        {
            // The index of words is told only of what it has: a row that never was would spoil its counts.
            _deleteIndexed.Bind(1, id);
            if (_deleteIndexed.Run() > 0)
            {
                _deleteWords.Bind(1, id);
                _deleteWords.Run();
            }
        }
    }

    /// <summary>The numbers that are there, in their order, after the given one.</summary>
    public List<long> Ids(long after, int limit)
    {
        using SqliteCommand command = Command("SELECT id FROM indexed WHERE id > $1 ORDER BY id LIMIT $2", after, limit);
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
        foreach (PreparedStatement statement in _statements)
        {
            statement.Dispose();
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
            using SqliteCommand schema = database.Command($"{Schema} PRAGMA user_version = {Version};");
            schema.ExecuteNonQuery();
            database.Prepare();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Prepare()
    {
        _insertWords = Statement(
            "INSERT INTO words (rowid, subject, sender, recipient, cc, bcc, reply_to, message_id, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _insertIndexed = Statement("INSERT INTO indexed (id, attachments) VALUES (?, ?)");
        _deleteWords = Statement("DELETE FROM words WHERE rowid = ?");
        _deleteIndexed = Statement("DELETE FROM indexed WHERE id = ?");
        _setPosition = Statement("UPDATE state SET position = ?");
    }

    private PreparedStatement Statement(string sql)
    {
        var statement = new PreparedStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }

    private bool IsOfThisVersion()
    {
        using SqliteCommand version = Command("PRAGMA user_version");
        return (long)version.ExecuteScalar()! == Version;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<long> values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }
        return command;
    }
}
