using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>Metrics and traces of sending, by OpenTelemetry's rules: seconds, and its own names for a server's address.</summary>
internal static class SenderTelemetry
{
    private const string Name = "Ehlo.Client";

    private static readonly ActivitySource Activities = new(Name);

    /// <summary>Of all that clients measure.</summary>
    public static Meter Meter { get; } = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "smtp.client.send.duration", "s", "From the handing over of a message to its outcome.");

    private static readonly Counter<long> Recipients = Meter.CreateCounter<long>(
        "smtp.client.recipients", "{recipient}", "Recipients for whom a message was accepted, refused, or lost with a connection.");

    private static readonly UpDownCounter<long> Connections = Meter.CreateUpDownCounter<long>(
        "smtp.client.open_connections", "{connection}", "Connections that are open.");

    /// <summary>A connection was opened, or closed.</summary>
    public static void CountConnection(SmtpDestination destination, int change) => Connections.Add(change, Address(destination), Port(destination));

    /// <summary>Sends the message, and notes how that went.</summary>
    public static async ValueTask<SendResult> MeasureAsync(ConnectionPool pool, PendingMessage message, CancellationToken cancellationToken)
    {
        SmtpDestination destination = pool.Destination;
        TimeProvider clock = pool.Options.Connection.TimeProvider;
        long begun = clock.GetTimestamp();
        using Activity? activity = Activities.StartActivity("smtp.send", ActivityKind.Client);
        activity?.SetTag("server.address", destination.Host).SetTag("server.port", destination.Port);
        string? error = null;
        try
        {
            SendResult result = await await pool.EnqueueAsync(message, cancellationToken);
            Count(result.Recipients, destination);
            if (!result.IsAccepted) error = result.Reply.Code.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return result;
        }
        catch (Exception exception)
        {
            error = exception.GetType().Name;
            if (exception is SmtpConnectionException { Known: var known })
            {
                Count(known, destination);
                Count(message.RecipientCount - known.Count, "lost", destination);
            }
            throw;
        }
        finally
        {
            if (error is not null) activity?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
            if (Duration.Enabled)
            {
                Duration.Record(
                    clock.GetElapsedTime(begun).TotalSeconds,
                    error is null ? [Address(destination), Port(destination)] : [Address(destination), Port(destination), new("error.type", error)]);
            }
        }
    }

    private static void Count(IReadOnlyList<RecipientResult> results, SmtpDestination destination)
    {
        if (!Recipients.Enabled) return;
        int accepted = results.Count(recipient => recipient.IsAccepted);
        Count(accepted, "accepted", destination);
        Count(results.Count - accepted, "refused", destination);
    }

    private static void Count(int recipients, string outcome, SmtpDestination destination)
    {
        if (recipients > 0) Recipients.Add(recipients, Address(destination), Port(destination), new("smtp.outcome", outcome));
    }

    private static KeyValuePair<string, object?> Address(SmtpDestination destination) => new("server.address", destination.Host);

    private static KeyValuePair<string, object?> Port(SmtpDestination destination) => new("server.port", destination.Port);
}
