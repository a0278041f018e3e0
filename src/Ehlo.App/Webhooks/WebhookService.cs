using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Following;
using Ehlo.App.Inbox;

namespace Ehlo.App.Webhooks;

/// <summary>Runs the hooks, each by itself: a slow one holds up no other.</summary>
internal sealed class WebhookService : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _client;
    private readonly List<(Webhook Hook, InboxFollower Follower)> _hooks = [];
    private readonly Task _running;

    /// <param name="hooks">The hooks.</param>
    /// <param name="store">The inbox.</param>
    /// <param name="dataFolder">Where the position of each hook is kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tellError">Told what fails for good.</param>
    /// <exception cref="InboxException">A position cannot be read.</exception>
    public WebhookService(
        IReadOnlyList<WebhookOptions> hooks, InboxStore store, string dataFolder, TimeProvider time, Action<string> tellError)
    {
        _client = NewClient();
        foreach (WebhookOptions options in hooks)
        {
            Webhook hook = new(options, _client, new Random(), time, tellError);
            InboxQuery query = options.Filter.Mailboxes is { } mailboxes ? new InboxQuery { Mailboxes = mailboxes } : InboxQuery.All;
            FollowerPosition position = new(dataFolder, $"webhook-{options.Name}");
            _hooks.Add((hook, new InboxFollower(store, query, position, hook.TellAsync, time, tellError)));
        }
        _running = Task.WhenAll(_hooks.Select(hook => Task.Run(() => hook.Follower.RunAsync(_stopping.Token))));
    }

    /// <summary>Completes when all hooks are told of every message from then on.</summary>
    public Task Following => Task.WhenAll(_hooks.Select(hook => hook.Follower.Following));

    /// <summary>Each hook, and the id of the last message that it was told of.</summary>
    public IEnumerable<(Webhook Hook, string Position)> Hooks => _hooks.Select(hook => (hook.Hook, hook.Follower.Position));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _client.Dispose();
        _stopping.Dispose();
    }

    // Waits are the hooks' own, by their clock.
    private static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // A name that leads elsewhere is noticed.
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
