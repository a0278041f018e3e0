using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests;

/// <summary>The drawing and the table of docs/sessions.md are the code's.</summary>
public sealed class SessionsDocumentTests
{
    private const string Begin = "<!-- states: made from SessionTable by SessionsDocumentTests -->\n";
    private const string End = "<!-- /states -->";

    /// <summary>EHLO_REWRITE_DOCUMENTS=1 makes it so.</summary>
    [Fact]
    public void The_page_shows_the_states_of_the_code()
    {
        string path = Path.Combine(Root(), "docs", "sessions.md");
        string page = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("EHLO_REWRITE_DOCUMENTS") is not null)
            File.WriteAllText(path, page[..begin] + Drawing() + Table() + page[end..]);
        else
            Assert.Equal(Drawing() + Table(), page[begin..end]);
    }

    [Fact]
    public void Every_state_has_a_row_and_can_be_reached()
    {
        Assert.Equal(Enum.GetValues<SessionState>(), SessionTable.Rows.Select(row => row.From).Order());
        HashSet<SessionState> reached = [SessionState.AwaitingGreeting];
        Queue<SessionState> open = new(reached);
        while (open.TryDequeue(out SessionState state))
        {
            foreach ((_, SessionState to) in SessionTable.Rows.Single(row => row.From == state).Moves)
            {
                if (reached.Add(to)) open.Enqueue(to);
            }
        }
        Assert.Equal(Enum.GetValues<SessionState>().Length, reached.Count);
    }

    private static string Drawing()
    {
        StringBuilder text = new("\n```mermaid\nstateDiagram-v2\n    [*] --> AwaitingGreeting\n");
        foreach ((SessionState from, (SessionEvent Event, SessionState To)[] moves) in SessionTable.Rows)
        {
            foreach (IGrouping<SessionState, SessionEvent> to in moves.GroupBy(move => move.To, move => move.Event))
                text.Append(null, $"    {from} --> {to.Key}: {string.Join(", ", to)}\n");
        }
        return text.Append("    Closed --> [*]\n```\n").ToString();
    }

    private static string Table()
    {
        StringBuilder text = new("\n| state | event | next state |\n|---|---|---|\n");
        foreach ((SessionState from, (SessionEvent Event, SessionState To)[] moves) in SessionTable.Rows)
        {
            foreach ((SessionEvent @event, SessionState to) in moves) text.Append(null, $"| {from} | {@event} | {to} |\n");
        }
        return text.Append('\n').ToString();
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ehlo.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Ehlo.slnx is in no folder above the tests.");
    }
}
