using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.Data.Sqlite;

namespace Ehlo.App.Inbox;

/// <summary>The writing connection to the rows. One caller at a time: the opening thread, then the writer.</summary>
internal sealed class InboxDatabase : IDisposable
{
    public const string FileName = "inbox.db";

    // AUTOINCREMENT, though we choose the numbers: SQLite then remembers the greatest one ever used, and no id comes twice even when the
    // newest message was deleted and the clock went back. The index answers whether a segment is still used.
    private static readonly string Schema =
        """
        CREATE TABLE IF NOT EXISTS message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            segment INTEGER NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL, checksum INTEGER NOT NULL,
            received_at INTEGER NOT NULL, -- ticks of 100 ns since 0001-01-01 UTC
            subject TEXT NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL,
            mail_parameters TEXT NOT NULL, rcpt_parameters TEXT NOT NULL,
            hello_verb TEXT NOT NULL, hello_name TEXT NOT NULL, tls TEXT, identity TEXT,
            connection TEXT NOT NULL, session INTEGER NOT NULL,
            peer_address TEXT NOT NULL, server_name TEXT NOT NULL, with_protocol TEXT NOT NULL,
            dialogue TEXT, dialogue_octets INTEGER, dialogue_checksum INTEGER) STRICT;
        CREATE INDEX IF NOT EXISTS message_segment ON message (segment);
        """;

    // WAL: readers never wait for the writer. FULL: a commit returns after the log is flushed. The full flushes are for macOS, whose
    // fsync leaves octets in the drive's cache. The log shrinks back to the size at which it is emptied in normal work. INCREMENTAL lets
    // Shrink give pages back; it must come first, as it is a property of the file.
    private const string Settings =
        """
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA fullfsync = ON;
        PRAGMA checkpoint_fullfsync = ON;
        PRAGMA journal_size_limit = 16777216;
        PRAGMA temp_store = MEMORY;
        """;

    private readonly DurableFiles _files;
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private PreparedStatement? _insert;

    private InboxDatabase(DurableFiles files, string path)
    {
        _files = files;
        _path = path;
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false };
        if (files.DatabaseLayer is { } layer)
        {
            settings.Vfs = layer;
        }
        _connection = new SqliteConnection(settings.ConnectionString);
        Entries = new InboxEntries(_connection);
    }

    /// <summary>Mailboxes, what was read, and tags: the rows beside the messages' own.</summary>
    public InboxEntries Entries { get; }

    /// <param name="foundFormat">The format of the folder; what is older is converted.</param>
    /// <param name="checkpointPages">See <see cref="InboxLimits.CheckpointPages"/>.</param>
    public static InboxDatabase Open(DurableFiles files, string folder, int foundFormat, int checkpointPages)
    {
        var database = new InboxDatabase(files, Path.Combine(folder, FileName));
        try
        {
            database._connection.Open();
            database.Execute(Settings);
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA wal_autocheckpoint = {checkpointPages}"));
            database.Execute(Schema);
            database.AddMissingColumns();
            database.Entries.Create(foundFormat);
            database._insert = database.PrepareInsert();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>The greatest number that a message ever had, deleted ones too; 0 when there was none.</summary>
    public long LastId() => (long?)Scalar("SELECT seq FROM sqlite_sequence WHERE name = 'message'") ?? 0;

    public HashSet<long> UsedSegments()
    {
        using SqliteCommand command = Command("SELECT DISTINCT segment FROM message");
        using SqliteDataReader reader = command.ExecuteReader();
        var segments = new HashSet<long>();
        while (reader.Read())
        {
            segments.Add(reader.GetInt64(0));
        }
        return segments;
    }

    public bool IsUsed(long segment) => Scalar("SELECT 1 FROM message WHERE segment = $1 LIMIT 1", segment) is not null;

    public SqliteTransaction Begin() => _connection.BeginTransaction();

    /// <summary>Puts in a message's row, within a transaction.</summary>
    /// <param name="answer">Further lines for the end of its dialogue, where that is in the row.</param>
    public void Insert(long id, ContentPlace place, MessageFacts facts, IReadOnlyList<DialogueLine> answer)
    {
        PreparedStatement insert = _insert!;
        insert.Bind(1, id);
        insert.Bind(2, place.Segment);
        insert.Bind(3, place.Offset);
        insert.Bind(4, place.Size);
        insert.Bind(5, place.Checksum);
        facts.BindTo(insert, MessageRow.FactsStart + 1, answer);
        if (place.DialogueOctets is { } octets)
        {
            insert.Bind(MessageRow.Columns.Length - 1, octets);
            insert.Bind(MessageRow.Columns.Length, place.DialogueChecksum);
        }
        else
        {
            insert.BindNull(MessageRow.Columns.Length - 1);
            insert.BindNull(MessageRow.Columns.Length);
        }
        insert.Run();
    }

    /// <summary>Returns when the transaction is on the disk. When it throws, whether it is cannot be known.</summary>
    public void Commit(SqliteTransaction transaction)
    {
        _files.Before(FileOperation.Commit, _path);
        transaction.Commit();
    }

    /// <summary>Deletes the rows of the messages, within a transaction; the segments that they were in.</summary>
    public HashSet<long> Delete(IEnumerable<long> ids)
    {
        var segments = new HashSet<long>();
        foreach (long id in ids)
        {
            if ((long?)Scalar("DELETE FROM message WHERE id = $1 RETURNING segment", id) is { } segment)
            {
                segments.Add(segment);
            }
        }
        return segments;
    }

    public void DeleteAll() => Scalar("DELETE FROM message");

    /// <summary>Gives the pages of deleted rows back to the disk. Takes time, so it is for the deletions that free a lot or must.</summary>
    public void Shrink()
    {
        using (SqliteCommand command = Command("PRAGMA incremental_vacuum"))
        using (SqliteDataReader pages = command.ExecuteReader())
        {
            while (pages.Read())
            {
                // Each step gives back one page.
            }
        }
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public void Dispose()
    {
        Entries.Dispose();
        _insert?.Dispose();
        _connection.Dispose();
    }

    /// <summary>Before format 3 every dialogue stood in its row.</summary>
    private void AddMissingColumns()
    {
        if (Scalar("SELECT 1 FROM pragma_table_info('message') WHERE name = 'dialogue_checksum'") is null)
        {
            Execute(
                """
                BEGIN;
                ALTER TABLE message ADD COLUMN dialogue_octets INTEGER;
                ALTER TABLE message ADD COLUMN dialogue_checksum INTEGER;
                COMMIT;
                """);
        }
    }

    private PreparedStatement PrepareInsert() => new(
        _connection,
        $"INSERT INTO message ({string.Join(", ", MessageRow.Columns)}) VALUES ({string.Join(", ", MessageRow.Columns.Select(_ => "?"))})");

    private void Execute(string sql)
    {
        using SqliteCommand command = Command(sql);
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql, long? argument = null)
    {
        using SqliteCommand command = Command(sql);
        if (argument is { } value)
        {
            command.Parameters.AddWithValue("$1", value);
        }
        return command.ExecuteScalar();
    }

    private SqliteCommand Command(string sql)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
