using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Ehlo.App.Search;
using Microsoft.Data.Sqlite;

namespace Ehlo.App.Inbox;

/// <summary>A query as conditions on the rows of `entry`. What somebody wrote is always a parameter, never a part of the text.</summary>
internal sealed class QuerySql
{
    private readonly List<string> _conditions = [];
    private readonly List<object> _values = [];
    private readonly string _source = "entry";

    public QuerySql(InboxQuery query)
    {
        if (query.Mailboxes is { } mailboxes)
        {
            Add("entry.mailbox IN (SELECT id FROM mailbox WHERE name IN (SELECT value FROM json_each({0})))", ToJson(mailboxes));
        }
        if (query.Ids is { } ids)
        {
            long[] numbers = [.. ids.Select(id => MessageId.TryParse(id, out long number) ? number : 0).Where(number => number > 0)];
            Add("entry.id IN (SELECT value FROM json_each({0}))", JsonSerializer.Serialize(numbers, InboxJson.Default.Int64Array));
        }
        if (query.IsUnread is { } isUnread)
        {
            Add("entry.is_read = {0}", isUnread ? 0L : 1L);
        }
        if (query.Tag is { } tag)
        {
            Add("entry.id IN (SELECT message FROM message_tag WHERE tag = (SELECT id FROM tag WHERE name = {0}))", tag);
        }
        if (query.ReceivedBefore is { } time)
        {
            Add("entry.received_at < {0}", time.UtcTicks);
        }
        if (query.Search is not { } search)
        {
            return;
        }
        if (SearchSql.Wanted(search) is { } wanted)
        {
            // The index gives what it finds in the order of the numbers, so a page is a short walk however much there is.
            _source = "search.words AS found CROSS JOIN entry ON entry.id = found.rowid";
            Id = "found.rowid";
            Add("found.words MATCH {0}", wanted);
        }
        if (SearchSql.Unwanted(search) is { } unwanted)
        {
            Add("entry.id NOT IN (SELECT rowid FROM search.words WHERE words MATCH {0})", unwanted);
        }
        foreach (SearchTerm term in search.Terms)
        {
            SearchSql.Add(this, term);
        }
    }

    /// <summary>The number of a message, in the words of what is walked along: in its order SQLite has not to sort.</summary>
    public string Id { get; } = "entry.id";

    /// <summary>Only those before the number.</summary>
    public void Before(long id) => Add($"{Id} < {{0}}", id);

    /// <summary>Only those after the number.</summary>
    public void After(long id) => Add($"{Id} > {{0}}", id);

    /// <summary>Adds a condition.</summary>
    /// <param name="condition">With {0} where the value stands.</param>
    public void Add(string condition, object value)
    {
        _values.Add(value);
        _conditions.Add(condition.Replace("{0}", $"$q{_values.Count}", StringComparison.Ordinal));
    }

    /// <summary>Adds a condition without a value.</summary>
    public void Add(string condition) => _conditions.Add(condition);

    /// <summary>A command of all conditions.</summary>
    /// <param name="select">What stands before WHERE, with `FROM entry`: where words are searched for, the index stands before it.</param>
    /// <param name="end">What stands after the conditions.</param>
    public SqliteCommand Command(SqliteConnection connection, string select, string end = "")
    {
        SqliteCommand command = connection.CreateCommand();
        select = select.Replace(" FROM entry", $" FROM {_source}", StringComparison.Ordinal);
        command.CommandText = $"{select}{(_conditions.Count == 0 ? "" : " WHERE ")}{string.Join(" AND ", _conditions)} {end}";
        for (int i = 0; i < _values.Count; i++)
        {
            command.Parameters.AddWithValue($"$q{i + 1}", _values[i]);
        }
        return command;
    }

    private static string ToJson(IEnumerable<string> names) =>
        JsonSerializer.Serialize<IReadOnlyList<string>>([.. names], InboxJson.Default.IReadOnlyListString);
}
