using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Console;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class InboxWatchTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_flood_of_mail_is_one_piece_of_news()
    {
        FakeTimeProvider time = new();
        using InboxWatch watch = new(console.Seen, time, TextWriter.Null);
        using SemaphoreSlim told = new(0);
        int count = 0;
        watch.Changed += () =>
        {
            count++;
            told.Release();
            return Task.CompletedTask;
        };

        await console.AddAsync(ConsoleFixture.Message());
        Assert.True(await told.WaitAsync(Patience), "Awaited the news of the first message.");
        for (int i = 0; i < 20; i++)
        {
            await console.AddAsync(ConsoleFixture.Message());
        }
        Assert.Equal(1, count);

        await UntilToldAsync();
        await console.AddAsync(ConsoleFixture.Message());
        await UntilToldAsync();
        Assert.Equal(3, count);

        // The pause may begin only after the time was moved on, so it is moved again.
        async Task UntilToldAsync()
        {
            using CancellationTokenSource patience = new(Patience);
            while (!await told.WaitAsync(TimeSpan.FromMilliseconds(5), patience.Token))
            {
                time.Advance(TimeSpan.FromMilliseconds(250));
            }
        }
    }

    [Theory]
    [InlineData(0, 250)]
    [InlineData(10, 250)]
    [InlineData(100, 900)]
    [InlineData(60_000, 5000)]
    public void The_longer_a_page_reads_the_rarer_it_does(int reading, int pause) =>
        Assert.Equal(TimeSpan.FromMilliseconds(pause), InboxWatch.PauseAfter(TimeSpan.FromMilliseconds(reading)));

    [Fact]
    public async Task A_part_that_fails_leaves_the_others_their_news()
    {
        using StringWriter error = new();
        using InboxWatch watch = new(console.Seen, new FakeTimeProvider(), error);
        TaskCompletionSource told = new();
        watch.Changed += () => throw new InvalidOperationException("Out of order.");
        watch.Changed += () =>
        {
            told.TrySetResult();
            return Task.CompletedTask;
        };
        await console.AddAsync(ConsoleFixture.Message());
        await told.Task.WaitAsync(Patience);
        Assert.Contains("Out of order.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_is_gone_is_told_nothing()
    {
        FakeTimeProvider time = new();
        using InboxWatch watch = new(console.Seen, time, TextWriter.Null);
        TaskCompletionSource stays = new();
        bool isGoneTold = false;
        Func<Task> gone = () =>
        {
            isGoneTold = true;
            return Task.CompletedTask;
        };
        watch.Changed += gone;
        watch.Changed += () =>
        {
            stays.TrySetResult();
            return Task.CompletedTask;
        };
        watch.Changed -= gone;
        await console.AddAsync(ConsoleFixture.Message());
        await stays.Task.WaitAsync(Patience);
        Assert.False(isGoneTold);
    }
}
