using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Threading;
using Ehlo.App.Search;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Ehlo.App.Inbox;

/// <summary>Reads on connections of its own, so that no reader waits for the writer nor the writer for a reader. Thread-safe.</summary>
internal sealed class InboxReader(string folder, string contentFolder) : IDisposable
{

    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(folder, InboxDatabase.FileName),
        Mode = SqliteOpenMode.ReadOnly,
    }.ConnectionString;

    public string Folder => folder;

    public string ContentFolder => contentFolder;

    /// <summary>Newest first, those before the number.</summary>
    public InboxListing List(InboxQuery query, int limit, long before) =>
        Read(query, connection => InboxLists.List(connection, query, Math.Max(0, limit), before)); // To SQLite a negative limit is none.

    /// <summary>Oldest first, those after the number.</summary>
    public List<StoredMessage> ListAfter(InboxQuery query, int limit, long after) => Read(query, connection =>
    {
        var sql = new QuerySql(query);
        sql.After(after);
        return InboxLists.Messages(sql.Command(connection, MessageRow.SelectList, $"ORDER BY {sql.Id} LIMIT {Math.Max(0, limit)}"));
    });

    /// <summary>The numbers of all that the query finds, the oldest first.</summary>
    public List<long> Ids(InboxQuery query) => Read(query, connection => InboxLists.Ids(connection, query));

    /// <summary>The oldest of what the query finds, with the octets of their contents.</summary>
    public List<(long Id, long Octets)> Oldest(InboxQuery query, int limit) =>
        Read(query, connection => InboxLists.Oldest(connection, query, limit));

    public List<MailboxSummary> Mailboxes() => Read(InboxLists.Mailboxes);

    public List<TagSummary> Tags(InboxQuery query) => Read(query, connection => InboxLists.Tags(connection, query));

    /// <summary>The greatest number that a message ever had, deleted ones too; 0 when there was none.</summary>
    public long LastId() => Read(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT seq FROM sqlite_sequence WHERE name = 'message'";
        return (long?)command.ExecuteScalar() ?? 0;
    });

    /// <summary>Of the messages after the number, in their order, what the index of words is made from.</summary>
    /// <param name="places">Is filled with them, as far as it has room.</param>
    public void ReadPlacesAfter(long after, MessagePlaces places) => Read(connection =>
    {
        InboxLists.ReadPlacesAfter(connection, after, places);
        return places.Count;
    });

    /// <summary>The numbers that are there, both ends with them.</summary>
    public HashSet<long> IdsBetween(long first, long last) => Read(connection => InboxLists.IdsBetween(connection, first, last));

    public StoredMessage? Find(long id) => Read(connection => Find(connection, id));

    /// <summary>The newest message that matches. Reads no further than it must, and of each row only what it compares.</summary>
    public StoredMessage? FindNewest(MessageFilter filter, CancellationToken cancellationToken) => Read(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT message.id, sender, subject, recipients, mailbox.name FROM message CROSS JOIN entry ON entry.id = message.id "
            + "CROSS JOIN mailbox ON mailbox.id = entry.mailbox ORDER BY message.id DESC";
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (filter.MatchesMailbox(rows.GetString(4)) && filter.Matches(rows.GetString(1), rows.GetString(2))
                && (filter.To is null || filter.MatchesTo(MessageRow.ReadRecipients(rows, 3))))
            {
                // On the connection of the list, so on its snapshot: the row is still there, whatever was deleted meanwhile.
                return Find(connection, rows.GetInt64(0));
            }
        }
        return null;
    });

    public ContentStream? OpenContent(long id)
    {
        if (PlaceOf(id) is not { } place)
        {
            return null;
        }
        SafeFileHandle file;
        try
        {
            file = SegmentFile.OpenToRead(contentFolder, place.Segment);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Deleted between the row and the file; if the row still stands, the file is missing or cannot be read.
            return PlaceOf(id) is null ? null : throw DiskFull.Explain(exception, "The content cannot be read");
        }
        return new ContentStream(file, place.Offset, place.Size, place.Checksum, MessageId.Format(id));
    }

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection); // Pooled connections hold the files open, and the log would not be emptied.
    }

    private StoredMessage? Find(SqliteConnection connection, long id)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = MessageRow.SelectAll + " WHERE entry.id = $id";
        command.Parameters.AddWithValue("$id", id);
        using SqliteDataReader row = command.ExecuteReader();
        if (!row.Read())
        {
            return null;
        }
        StoredMessage message = MessageRow.Read(row);
        ContentPlace place = MessageRow.ReadPlace(row);
        return place.DialogueOctets is null ? message : message with { Dialogue = ReadDialogue(place, message.ReceivedAt) };
    }

    private IReadOnlyList<DialogueLine> ReadDialogue(ContentPlace place, DateTimeOffset at)
    {
        try
        {
            using SafeFileHandle file = SegmentFile.OpenToRead(contentFolder, place.Segment);
            byte[] octets = new byte[place.DialogueOctets!.Value];
            for (int read = 0, count = -1; read < octets.Length && count != 0; read += count)
            {
                count = RandomAccess.Read(file, octets.AsSpan(read), place.Offset + place.Size + read);
            }
            var checksum = new Checksum();
            checksum.Append(octets);
            if (checksum.Value == place.DialogueChecksum)
            {
                return JsonSerializer.Deserialize(octets, InboxJson.Default.IReadOnlyListDialogueLine)!;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InboxException)
        {
            // Deleted meanwhile, or damaged. The rest of the message can be shown all the same.
        }
        return [new DialogueLine(at, "server", "[The dialogue is damaged on the disk]")];
    }

    private ContentPlace? PlaceOf(long id) => Read<ContentPlace?>(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT segment, offset, size, checksum FROM message WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? new ContentPlace(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), (uint)row.GetInt64(3)) : null;
    });

    /// <summary>With the index at hand where the query needs it.</summary>
    private T Read<T>(InboxQuery query, Func<SqliteConnection, T> read)
    {
        if (query.Search?.NeedsIndex != true)
        {
            return Read(read);
        }
        try
        {
            // Not pooled: a connection keeps what is attached, and the file of the index must be removable.
            using var connection = new SqliteConnection(_connectionString + ";Pooling=False");
            connection.Open();
            using (SqliteCommand attach = connection.CreateCommand())
            {
                attach.CommandText = "ATTACH DATABASE $path AS search";
                attach.Parameters.AddWithValue("$path", Path.Combine(folder, SearchDatabase.FileName));
                attach.ExecuteNonQuery();
            }
            return read(connection);
        }
        catch (SqliteException exception)
        {
            throw (Exception?)SearchDatabase.Explain(exception)
                ?? new InboxException($"{folder} cannot be searched: {exception.Message}", exception);
        }
    }

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            return read(connection);
        }
        catch (Exception exception) when (exception is SqliteException or JsonException)
        {
            throw new InboxException($"{folder} cannot be read: {exception.Message}", exception);
        }
    }
}
