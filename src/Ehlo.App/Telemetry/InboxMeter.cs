using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using Ehlo.App.Inbox;

namespace Ehlo.App.Telemetry;

/// <summary>The instruments of the meter <c>Ehlo.Inbox</c>. Each is read when somebody asks, so that the intake pays nothing for it.</summary>
internal sealed class InboxMeter : IDisposable
{
    public const string Name = "Ehlo.Inbox";

    private readonly Meter _meter = new(Name);

    public InboxMeter(InboxStore store)
    {
        _meter.CreateObservableUpDownCounter(
            "ehlo.inbox.messages", () => Read(store, mailbox => mailbox.Messages), "{message}", "Messages in the inbox.");
        _meter.CreateObservableUpDownCounter("ehlo.inbox.unread", () => Read(store, mailbox => mailbox.Unread), "{message}", "Unread messages.");
        _meter.CreateObservableUpDownCounter("ehlo.inbox.size", () => Read(store, mailbox => mailbox.Octets), "By", "Contents in the inbox.");
        _meter.CreateObservableCounter("ehlo.inbox.batches", () => store.Batches, "{batch}", "Batches of messages that were flushed and committed.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Read(InboxStore store, Func<MailboxSummary, long> value)
    {
        try
        {
            return [.. store.Mailboxes().Select(mailbox =>
                new Measurement<long>(value(mailbox), new KeyValuePair<string, object?>("ehlo.mailbox", mailbox.Name)))];
        }
        catch (Exception exception) when (exception is InboxException or ObjectDisposedException)
        {
            return []; // Somebody asks while the program stops, or the disk fails, which it says elsewhere.
        }
    }
}
