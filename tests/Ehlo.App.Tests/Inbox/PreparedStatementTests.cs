using System.Linq;
using Ehlo.App.Inbox;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

public sealed class PreparedStatementTests
{
    [Fact]
    public void One_that_fails_says_why_and_runs_again()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        Execute(connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT, length INTEGER)");
        using (PreparedStatement insert = new(connection, "INSERT INTO t VALUES (?, ?, ?)"))
        {
            Insert(insert, 1, "é");
            SqliteException exception = Assert.Throws<SqliteException>(() => Insert(insert, 1, "again"));
            Assert.Equal((19, "UNIQUE"), (exception.SqliteErrorCode, exception.Message.Split('\'', ' ').First(word => word == "UNIQUE")));
            Insert(insert, 2, "");
            Insert(insert, 3, null);
        }
        using SqliteCommand read = new("SELECT group_concat(id || ' ' || coalesce(quote(text), '') || ' ' || length, '; ') FROM t", connection);
        Assert.Equal("1 'é' 2; 2 '' 0; 3 NULL -1", read.ExecuteScalar());
    }

    [Fact]
    public void A_text_that_is_no_SQL_is_not_prepared()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        Assert.Throws<SqliteException>(() => new PreparedStatement(connection, "INSERT INTO nothing VALUES (?)"));
    }

    private static void Insert(PreparedStatement insert, long id, string? text)
    {
        byte[]? octets = text is null ? null : System.Text.Encoding.UTF8.GetBytes(text);
        insert.Bind(1, id);
        if (octets is null) insert.BindNull(2);
        else insert.Bind(2, octets);
        insert.Bind(3, octets?.Length ?? -1);
        insert.Run();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
