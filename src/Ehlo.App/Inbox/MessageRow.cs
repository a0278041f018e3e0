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

    /// <summary>The first five columns and the last two are the store's own.</summary>
    public const int FactsStart = 5;

    /// <summary>The columns from <see cref="FactsStart"/> to the dialogue. Runs with the caller: the one writer has no time for it.</summary>
    /// <param name="isDialogueApart">Whether the dialogue follows the content, so that the row has none.</param>
    public static object[] FactsOf(StoredMessage message, bool isDialogueApart) =>
    [
        message.ReceivedAt.UtcTicks,
        message.Subject,
        message.From,
        ToJson(message.To, InboxJson.Default.IReadOnlyListString),
        ToJson(message.MailParameters, InboxJson.Default.IReadOnlyDictionaryStringString),
        ToJson(message.RcptParameters, InboxJson.Default.IReadOnlyListIReadOnlyDictionaryStringString),
        message.Hello.Verb,
        message.Hello.Name,
        ToJson(message.Tls, InboxJson.Default.TlsFacts),
        (object?)message.Identity ?? DBNull.Value,
        message.Connection,
        message.Session,
        message.PeerAddress,
        message.ServerName,
        message.WithProtocol,
        isDialogueApart ? DBNull.Value : ToJson(message.Dialogue, InboxJson.Default.IReadOnlyListDialogueLine),
    ];

    /// <summary>The facts with further lines at the end of their dialogue. It is not made anew: the one writer has no time for that.</summary>
    public static object[] WithAnswer(object[] facts, IReadOnlyList<DialogueLine> answer)
    {
        if (answer.Count == 0 || facts[^1] is not string dialogue) return facts;
        string lines = JsonSerializer.Serialize(answer, InboxJson.Default.IReadOnlyListDialogueLine);
        return [.. facts[..^1], dialogue == "[]" ? lines : $"{dialogue.AsSpan(..^1)},{lines.AsSpan(1..)}"];
    }

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

    private static object ToJson<T>(T? value, JsonTypeInfo<T> type) where T : class =>
        value is null ? DBNull.Value : JsonSerializer.Serialize(value, type);

    private static T? FromJson<T>(SqliteDataReader row, int column, JsonTypeInfo<T> type) where T : class =>
        row.IsDBNull(column) ? null : JsonSerializer.Deserialize(row.GetString(column), type);
}
