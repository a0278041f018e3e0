using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;

namespace Ehlo.App.Inbox;

/// <summary>One row: its columns in order, from a message and back.</summary>
internal static class MessageRow
{
    /// <summary>All columns but the dialogue, which is the longest and last: SQLite lists a message without reading its pages.</summary>
    public static readonly string[] ListColumns =
    [
        "id", "segment", "offset", "size", "checksum", "received_at", "subject", "sender", "recipients", "mail_parameters",
        "rcpt_parameters", "hello_verb", "hello_name", "tls", "identity", "connection", "session", "peer_address", "server_name",
        "with_protocol",
    ];

    public static readonly string[] Columns = [.. ListColumns, "dialogue", "dialogue_octets", "dialogue_checksum"];

    /// <summary>All of a message without its dialogue: from its row, its entry, and the names of its mailbox and tags.</summary>
    public static readonly string SelectList = Select("");

    /// <summary>All of a message.</summary>
    public static readonly string SelectAll = Select(", message.dialogue, message.dialogue_octets, message.dialogue_checksum");

    /// <summary>How many columns are before <see cref="MessageFacts"/>: the store's own. Two more of these are at the end.</summary>
    public const int FactsStart = 5;

    /// <summary>Which of the facts, from 0 on, is the session's number.</summary>
    public const int SessionFact = 11;

    /// <summary>Reads a row of <see cref="SelectList"/> or of <see cref="SelectAll"/>.</summary>
    public static StoredMessage Read(SqliteDataReader row)
    {
        int column = 0;
        return new StoredMessage
        {
            Id = MessageId.Format(row.GetInt64(column)),
            Size = row.GetInt64(column += 3),
            ReceivedAt = new DateTimeOffset(row.GetInt64(column += 2), TimeSpan.Zero),
            Subject = row.GetString(++column),
            From = row.GetString(++column),
            To = ReadRecipients(row, ++column),
            MailParameters = FromJson(row, ++column, InboxJson.Default.IReadOnlyDictionaryStringString)!,
            RcptParameters = FromJson(row, ++column, InboxJson.Default.IReadOnlyListIReadOnlyDictionaryStringString)!,
            Hello = new HelloFacts(row.GetString(++column), row.GetString(++column)),
            Tls = FromJson(row, ++column, InboxJson.Default.TlsFacts),
            Identity = row.IsDBNull(++column) ? null : row.GetString(column),
            Connection = row.GetString(++column),
            Session = row.GetInt32(++column),
            PeerAddress = row.GetString(++column),
            ServerName = row.GetString(++column),
            WithProtocol = row.GetString(++column),
            IsRead = row.GetInt64(++column) != 0,
            Mailbox = row.GetString(++column),
            Tags = ReadTags(row, ++column),
            Dialogue = ++column < row.FieldCount ? FromJson(row, column, InboxJson.Default.IReadOnlyListDialogueLine) : null,
        };
    }

    /// <summary>Where the content and dialogue of a row of <see cref="SelectAll"/> are.</summary>
    public static ContentPlace ReadPlace(SqliteDataReader row) => new(
        row.GetInt64(1),
        row.GetInt64(2),
        row.GetInt64(3),
        (uint)row.GetInt64(4),
        row.IsDBNull(row.FieldCount - 2) ? null : row.GetInt32(row.FieldCount - 2),
        row.IsDBNull(row.FieldCount - 1) ? 0 : (uint)row.GetInt64(row.FieldCount - 1));

    public static IReadOnlyList<string> ReadRecipients(SqliteDataReader row, int column) =>
        FromJson(row, column, InboxJson.Default.IReadOnlyListString)!;

    private static IReadOnlyList<string> ReadTags(SqliteDataReader row, int column) =>
        row.GetString(column) is var json && json == "[]"
            ? []
            : [.. JsonSerializer.Deserialize(json, InboxJson.Default.IReadOnlyListString)!.Order(StringComparer.OrdinalIgnoreCase)];

    // The entry first, for conditions on it are the rule: the order in which SQLite walks is then the list's own.
    private static string Select(string dialogue) =>
        $"SELECT {string.Join(", ", ListColumns.Select(column => "message." + column))}, entry.is_read, mailbox.name, "
        + "(SELECT json_group_array(tag.name) FROM message_tag JOIN tag ON tag.id = message_tag.tag WHERE message_tag.message = entry.id)"
        + $"{dialogue} FROM entry CROSS JOIN message ON message.id = entry.id CROSS JOIN mailbox ON mailbox.id = entry.mailbox";

    private static T? FromJson<T>(SqliteDataReader row, int column, JsonTypeInfo<T> type) where T : class =>
        row.IsDBNull(column) ? null : JsonSerializer.Deserialize(row.GetString(column), type);
}
