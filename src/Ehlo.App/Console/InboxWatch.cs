using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Inbox;

namespace Ehlo.App.Console;

/// <summary>
/// Tells the parts of one tab that the inbox changed, so that they read it anew. However many changes there are, it tells few times a
/// second: a flood of mail costs an open page no more than that many readings.
/// </summary>
internal sealed class InboxWatch(SeenInbox inbox, TimeProvider time, TextWriter error) : IDisposable
{
    // Four times a second looks like at once, and leaves the machine to the mail.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(250);

    // Where one reading takes long, as of many tags in a large inbox, the page is late rather than the mail.
    private static readonly TimeSpan GreatestPause = TimeSpan.FromSeconds(5);

    // A page takes at most a tenth of one core.
    private const int PauseForEachReading = 9;

    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private bool _isFollowing;
    private Func<Task>? _changed;

    /// <summary>Raised on any thread, one after the other; a component comes back to its own with InvokeAsync.</summary>
    public event Func<Task> Changed
    {
        add
        {
            lock (_gate)
            {
                _changed += value;
                if (!_isFollowing)
                {
                    _isFollowing = true;
                    // Subscribed before this returns: who reads the inbox after it misses nothing.
                    _ = FollowAsync(inbox.Subscribe());
                }
            }
        }
        remove
        {
            lock (_gate)
            {
                _changed -= value;
            }
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task FollowAsync(ChangeSubscription subscription)
    {
        CancellationToken ended = _ended.Token;
        using (subscription)
        {
            try
            {
                await foreach (InboxChange _ in subscription.ReadAllAsync(ended))
                {
                    while (subscription.TryRead(out InboxChange? _))
                    {
                        // All that came meanwhile is the same piece of news.
                    }
                    long start = time.GetTimestamp();
                    foreach (Func<Task> tell in Delegate.EnumerateInvocationList(_changed))
                    {
                        await TryTellAsync(tell);
                    }
                    await Task.Delay(PauseAfter(time.GetElapsedTime(start)), time, ended);
                }
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                // The tab is closed.
            }
        }
    }

    /// <summary>How long to wait after readings that took so long.</summary>
    internal static TimeSpan PauseAfter(TimeSpan reading)
    {
        TimeSpan pause = reading * PauseForEachReading;
        return pause < LeastPause ? LeastPause : pause > GreatestPause ? GreatestPause : pause;
    }

    private async Task TryTellAsync(Func<Task> tell)
    {
        try
        {
            await tell();
        }
        catch (ObjectDisposedException)
        {
            // The store or the tab went away while it was told.
        }
        catch (Exception exception)
        {
            // What is wrong with one part of the page must not leave the others without news.
            error.WriteLine($"ehlo: console: {exception}");
        }
    }
}
