using System;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ehlo.App.Inbox;

/// <summary>
/// A statement without rows that runs for each message, on the connection's own handle: its columns are numbered and its texts are UTF-8,
/// where a command of the data provider makes some forty objects each time. Runs in whatever transaction is open. One caller at a time.
/// </summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">Is open, and disposed after this.</param>
    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <param name="column">From 1 on, as SQLite counts.</param>
    public void Bind(int column, long value) => Check(raw.sqlite3_bind_int64(_statement, column, value));

    /// <summary>SQLite takes a copy. An empty span has no address, and would be NULL.</summary>
    public void Bind(int column, ReadOnlySpan<byte> text) => Check(text.IsEmpty
        ? raw.sqlite3_bind_text(_statement, column, "")
        : raw.sqlite3_bind_text(_statement, column, text));

    public void BindNull(int column) => Check(raw.sqlite3_bind_null(_statement, column));

    /// <returns>How many rows it put in, changed or deleted.</returns>
    /// <exception cref="SqliteException">It failed. It may be run again.</exception>
    public int Run()
    {
        int result = raw.sqlite3_step(_statement);
        if (result != raw.SQLITE_DONE)
        {
            try
            {
                SqliteException.ThrowExceptionForRC(result, _connection);
            }
            finally
            {
                _ = raw.sqlite3_reset(_statement); // Says again what step said.
            }
        }
        Check(raw.sqlite3_reset(_statement));
        return raw.sqlite3_changes(_connection);
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection);
}
