using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;

namespace Ehlo.App.Mailboxes;

/// <summary>Deletes in the background what is due: the oldest first, and nothing that is not due.</summary>
internal sealed class RetentionRun : IAsyncDisposable
{
    // Between two looks while mail comes in: what is too much is so for no longer, and a look costs nothing against a second of mail.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Ages are told in minutes at least.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly InboxStore _store;
    private readonly IReadOnlyList<(IReadOnlySet<string>? Mailboxes, RetentionOptions Retention)> _rules;
    private readonly TimeProvider _time;
    private readonly Action<string> _tellError;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    private RetentionRun(
        InboxStore store,
        IReadOnlyList<(IReadOnlySet<string>? Mailboxes, RetentionOptions Retention)> rules,
        TimeProvider time,
        Action<string> tellError)
    {
        _store = store;
        _rules = rules;
        _time = time;
        _tellError = tellError;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Null where everything is kept.</summary>
    /// <param name="tellError">Says why nothing can be deleted now.</param>
    public static RetentionRun? Start(InboxStore store, ServeOptions options, TimeProvider time, Action<string> tellError)
    {
        (IReadOnlySet<string>?, RetentionOptions)[] rules =
        [
            .. options.Mailboxes.Where(mailbox => !mailbox.Retention.KeepsAll)
                .Select(mailbox => ((IReadOnlySet<string>?)MailboxName.SetOf(mailbox.Name), mailbox.Retention)),
            .. options.Retention.KeepsAll ? Array.Empty<(IReadOnlySet<string>?, RetentionOptions)>() : [(null, options.Retention)],
        ];
        return rules.Length == 0 ? null : new RetentionRun(store, rules, time, tellError);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    /// <summary>Deletes what is due by one rule now.</summary>
    internal static async Task ApplyAsync(
        InboxStore store, IReadOnlySet<string>? mailboxes, RetentionOptions retention, DateTimeOffset now, CancellationToken cancellationToken)
    {
        InboxQuery query = new() { Mailboxes = mailboxes };
        if (retention.MaxAge is { } age && now - DateTimeOffset.MinValue > age)
        {
            await store.DeleteAsync(query with { ReceivedBefore = now - age }, cancellationToken);
        }
        int deleted;
        do
        {
            // Read anew for each part: meanwhile somebody else may have deleted some, and then fewer are due.
            MailboxSummary[] counts = [.. store.Mailboxes().Where(mailbox => mailboxes is null || mailboxes.Contains(mailbox.Name))];
            long messages = counts.Sum(mailbox => mailbox.Messages) - (retention.MaxMessages ?? long.MaxValue);
            long octets = counts.Sum(mailbox => mailbox.Octets) - (retention.MaxOctets ?? long.MaxValue);
            deleted = messages <= 0 && octets <= 0 ? 0 : await store.DeleteOldestAsync(query, messages, octets, cancellationToken);
        }
        while (deleted > 0);
    }

    private async Task RunAsync()
    {
        try
        {
            using ChangeSubscription changes = _store.Changes.Subscribe(withMessages: false);
            while (true)
            {
                foreach ((IReadOnlySet<string>? mailboxes, RetentionOptions retention) in _rules)
                {
                    await TryApplyAsync(mailboxes, retention);
                }
                await WaitForChangeAsync(changes);
                await Task.Delay(Pause, _time, _stopping.Token);
                while (changes.TryRead(out _))
                {
                    // Only that something changed counts.
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The program stops.
        }
    }

    private async Task TryApplyAsync(IReadOnlySet<string>? mailboxes, RetentionOptions retention)
    {
        try
        {
            await ApplyAsync(_store, mailboxes, retention, _time.GetUtcNow(), _stopping.Token);
        }
        catch (Exception exception) when (exception is InboxException or InboxFullException or IOException)
        {
            _tellError($"what is due cannot be deleted: {exception.Message}");
        }
    }

    private async Task WaitForChangeAsync(ChangeSubscription changes)
    {
        using CancellationTokenSource longest = new(LongestPause, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(longest.Token, _stopping.Token);
        try
        {
            await changes.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // Some may have grown too old.
        }
    }
}
