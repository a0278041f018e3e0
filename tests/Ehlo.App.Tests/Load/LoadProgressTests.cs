using System;
using System.IO;
using System.Threading.Tasks;
using Ehlo.App.Load;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Load;

public sealed class LoadProgressTests
{
    [Fact]
    public async Task One_line_is_written_anew_and_wiped_away_at_the_end()
    {
        FakeTimeProvider time = new();
        using StringWriter terminal = new();
        LoadSettings settings = new() { Destination = new("127.0.0.1"), Messages = 100, Connection = new() { TimeProvider = time } };
        LoadGenerator generator = new(settings);
        for (int i = 0; i < 7; i++) generator.Tally.Accept(TimeSpan.FromMilliseconds(1));
        TaskCompletionSource run = new();
        Task following = new LoadProgress(TextWriter.Synchronized(terminal), settings, generator).FollowAsync(run.Task);
        while (terminal.ToString().Split('\r').Length < 3)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        run.SetResult();
        await following;
        string[] lines = terminal.ToString().Split('\r');
        Assert.Equal("", lines[0]);
        Assert.Equal("0 s  7/100 accepted  0/s  p50 1.000 p99 1.000 ms  0 errors", lines[1]);
        Assert.Equal(["", ""], [lines[^2].Trim(), lines[^1]]);
        Assert.DoesNotContain("\n", terminal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Where_no_terminal_is_and_where_it_is_not_wanted_nothing_is_shown(bool isTerminal, bool isUnwanted)
    {
        await using LoadServer server = LoadServer.Start();
        using LoadProgram program = new() { IsErrorTerminal = isTerminal };
        string[] args = isUnwanted ? [server.Url, "--messages", "2", "--no-progress"] : [server.Url, "--messages", "2"];
        Assert.Equal(0, await program.RunAsync(args));
        Assert.Equal("", program.Error);
    }
}
