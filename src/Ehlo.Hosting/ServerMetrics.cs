using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Security.Authentication;
using Ehlo.Server;

namespace Ehlo.Hosting;

/// <summary>The instruments of the meter <c>Ehlo.Server</c>, by OpenTelemetry's rules: seconds, octets as By, few values for each tag.</summary>
internal sealed class ServerMetrics
{
    public const string Name = "Ehlo.Server";

    // A session lasts from a moment to hours, so the buckets of HTTP, which end at ten seconds, would say nothing.
    private static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600] };

    private static readonly InstrumentAdvice<long> Octets =
        new() { HistogramBucketBoundaries = [1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] };

    private readonly UpDownCounter<long> _sessions;
    private readonly Histogram<double> _sessionDuration;
    private readonly Histogram<double> _transactionDuration;
    private readonly Histogram<long> _size;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _authentications;
    private readonly Counter<long> _handshakes;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _failures;

    public ServerMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(Name);
        _sessions = meter.CreateUpDownCounter<long>("smtp.server.active_sessions", "{session}", "Sessions that are open now.");
        _sessionDuration = meter.CreateHistogram("smtp.server.session.duration", "s", "Duration of sessions.", advice: Seconds);
        _transactionDuration = meter.CreateHistogram(
            "smtp.server.transaction.duration", "s", "Duration of mail transactions, from MAIL on.", advice: Seconds);
        _size = meter.CreateHistogram("smtp.server.message.size", "By", "Content of messages that were accepted.", advice: Octets);
        _messages = meter.CreateCounter<long>("smtp.server.messages", "{message}", "Mail transactions by their outcome.");
        _authentications = meter.CreateCounter<long>("smtp.server.authentications", "{attempt}", "Logins.");
        _handshakes = meter.CreateCounter<long>("smtp.server.tls.handshakes", "{handshake}", "TLS handshakes.");
        _refused = meter.CreateCounter<long>("smtp.server.refused_connections", "{connection}", "Connections turned away by a limit.");
        _failures = meter.CreateCounter<long>("smtp.server.method.failures", "{failure}", "Methods of the session class that failed.");
    }

    public void SessionStarted() => _sessions.Add(1);

    public void SessionEnded(TimeSpan duration, SmtpServerConnection connection)
    {
        _sessions.Add(-1);
        _sessionDuration.Record(duration.TotalSeconds, Tag("tls.protocol.version", TlsVersion(connection)));
    }

    public void TransactionEnded(TimeSpan duration, MailTransaction transaction, ResetCause cause)
    {
        KeyValuePair<string, object?> outcome = Tag("smtp.transaction.outcome", Outcome(cause));
        _transactionDuration.Record(duration.TotalSeconds, outcome);
        _messages.Add(1, outcome);
        if (cause is ResetCause.Completed) _size.Record(transaction.ContentOctets);
    }

    public void AuthenticationEnded(string mechanism, bool isGood) =>
        _authentications.Add(1, Tag("smtp.auth.mechanism", mechanism), Tag("smtp.auth.outcome", isGood ? "success" : "failure"));

    public void HandshakeEnded(SmtpServerConnection connection, bool isGood) =>
        _handshakes.Add(1, Tag("tls.protocol.version", TlsVersion(connection)), Tag("smtp.tls.outcome", isGood ? "success" : "failure"));

    public void ConnectionRefused(string limit) => _refused.Add(1, Tag("smtp.limit", limit));

    public void MethodFailed(string method) => _failures.Add(1, Tag("smtp.method", method));

    public static string Outcome(ResetCause cause) => cause switch
    {
        ResetCause.Completed => "completed",
        ResetCause.Failed => "failed",
        ResetCause.Disconnected => "disconnected",
        _ => "reset",
    };

    public static string TlsVersion(SmtpServerConnection connection) => connection.Tls?.Protocol switch
    {
        null => "none",
        SslProtocols.Tls13 => "1.3",
        SslProtocols.Tls12 => "1.2",
        _ => "other",
    };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
