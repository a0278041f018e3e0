using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Net;
using Ehlo.Sasl;
using Ehlo.Server;
using Microsoft.Extensions.Logging;

namespace Ehlo.Hosting;

/// <summary>Turns what the server tells into logs, metrics and activities, and passes it on to the observers among the services.</summary>
internal sealed class HostObserver(ILogger logger, IMeterFactory meters, TimeProvider time, IEnumerable<SmtpServerObserver> others)
    : SmtpServerObserver
{
    private static readonly ActivitySource Activities = new(ServerMetrics.Name);

    private readonly ServerMetrics _metrics = new(meters);
    private readonly SmtpServerObserver[] _others = [.. others];
    private readonly ConcurrentDictionary<SmtpServerConnection, Running> _running = new();

    // What has begun on a connection. Calls about one connection come one after another, so nothing here needs a lock.
    private sealed class Running(long start, Activity? session)
    {
        public long Start { get; } = start;

        public Activity? Session { get; } = session;

        public long TransactionStart { get; set; }

        public Activity? Transaction { get; set; }
    }

    public override void ConnectionOpened(SmtpServerConnection connection)
    {
        // The context is that of whoever started the host; a session is nobody's child.
        Activity.Current = null;
        Activity? activity = Activities.StartActivity("smtp.session", ActivityKind.Server);
        activity?.SetTag("smtp.connection.id", connection.Id);
        SetAddress(activity, "network.peer", connection.RemoteEndPoint);
        SetAddress(activity, "server", connection.LocalEndPoint);
        _running[connection] = new(time.GetTimestamp(), activity);
        _metrics.SessionStarted();
        Log.ConnectionOpened(logger, connection.Id, connection.RemoteEndPoint);
        Pass(other => other.ConnectionOpened(connection));
    }

    public override void ConnectionClosed(SmtpServerConnection connection)
    {
        if (_running.TryRemove(connection, out Running? running))
        {
            TimeSpan duration = time.GetElapsedTime(running.Start);
            running.Session?.SetTag("tls.protocol.version", ServerMetrics.TlsVersion(connection));
            running.Session?.Stop();
            _metrics.SessionEnded(duration, connection);
            Log.ConnectionClosed(logger, connection.Id, duration.TotalSeconds);
        }
        Pass(other => other.ConnectionClosed(connection));
    }

    public override void ConnectionRefused(EndPoint? peer, string limit)
    {
        _metrics.ConnectionRefused(limit);
        Log.ConnectionRefused(logger, peer, limit);
        Pass(other => other.ConnectionRefused(peer, limit));
    }

    public override void AcceptFailed(SmtpListener listener, Exception exception)
    {
        Log.AcceptFailed(logger, exception, listener.EndPoint);
        Pass(other => other.AcceptFailed(listener, exception));
    }

    public override void EventLoopBlocked(TimeSpan busy)
    {
        Log.EventLoopBlocked(logger, busy.TotalSeconds);
        Pass(other => other.EventLoopBlocked(busy));
    }

    public override void HandshakeCompleted(SmtpServerConnection connection)
    {
        _metrics.HandshakeEnded(connection, isGood: true);
        Log.HandshakeCompleted(logger, connection.Id);
        Pass(other => other.HandshakeCompleted(connection));
    }

    public override void HandshakeFailed(SmtpServerConnection connection, Exception exception)
    {
        _metrics.HandshakeEnded(connection, isGood: false);
        if (_running.TryGetValue(connection, out Running? running)) running.Session?.SetStatus(ActivityStatusCode.Error, "TLS handshake failed");
        Log.HandshakeFailed(logger, connection.Id, PeerText.Of(exception.GetBaseException().Message));
        Pass(other => other.HandshakeFailed(connection, exception));
    }

    public override void AuthenticationSucceeded(SmtpServerConnection connection, string mechanism, AuthenticatedIdentity identity)
    {
        _metrics.AuthenticationEnded(mechanism, isGood: true);
        Log.AuthenticationSucceeded(logger, connection.Id, PeerText.Of(identity.Name), mechanism);
        Pass(other => other.AuthenticationSucceeded(connection, mechanism, identity));
    }

    public override void AuthenticationFailed(SmtpServerConnection connection, string mechanism, string? claimedIdentity, Reply reply)
    {
        _metrics.AuthenticationEnded(mechanism, isGood: false);
        Log.AuthenticationFailed(logger, connection.Id, PeerText.Of(claimedIdentity), mechanism, connection.RemoteEndPoint, reply.Code);
        Pass(other => other.AuthenticationFailed(connection, mechanism, claimedIdentity, reply));
    }

    public override void TransactionStarted(SmtpServerConnection connection, MailTransaction transaction)
    {
        if (_running.TryGetValue(connection, out Running? running))
        {
            running.TransactionStart = time.GetTimestamp();
            running.Transaction = Activities.StartActivity("smtp.transaction", ActivityKind.Server, running.Session?.Context ?? default);
            running.Transaction?.SetTag("smtp.connection.id", connection.Id);
        }
        Pass(other => other.TransactionStarted(connection, transaction));
    }

    public override void TransactionEnded(SmtpServerConnection connection, MailTransaction transaction, ResetCause cause)
    {
        if (_running.TryGetValue(connection, out Running? running))
        {
            _metrics.TransactionEnded(time.GetElapsedTime(running.TransactionStart), transaction, cause);
            End(running, transaction, cause);
        }
        string reversePath = PeerText.Of(transaction.ReversePath.ToString());
        if (cause is ResetCause.Completed)
            Log.MessageAccepted(logger, connection.Id, reversePath, transaction.Recipients.Count, transaction.ContentOctets);
        else if (cause is ResetCause.Failed)
            Log.MessageRefused(logger, connection.Id, reversePath, transaction.Recipients.Count, transaction.ContentOctets);
        else Log.TransactionAborted(logger, connection.Id, reversePath, cause);
        Pass(other => other.TransactionEnded(connection, transaction, cause));
    }

    public override void MethodFailed(SmtpServerConnection connection, string method, Exception exception)
    {
        _metrics.MethodFailed(method);
        if (_running.TryGetValue(connection, out Running? running))
            (running.Transaction ?? running.Session)?.AddException(exception).SetStatus(ActivityStatusCode.Error, $"{method} failed");
        Log.MethodFailed(logger, exception, connection.Id, method);
        Pass(other => other.MethodFailed(connection, method, exception));
    }

    private static void End(Running running, MailTransaction transaction, ResetCause cause)
    {
        if (running.Transaction is not { } activity) return;
        running.Transaction = null;
        activity.SetTag("smtp.transaction.outcome", ServerMetrics.Outcome(cause));
        activity.SetTag("smtp.transaction.recipients", transaction.Recipients.Count);
        activity.SetTag("smtp.message.size", transaction.ContentOctets);
        activity.Stop();
        // What comes next on this connection belongs to the session again.
        Activity.Current = running.Session;
    }

    private static void SetAddress(Activity? activity, string prefix, EndPoint? endPoint)
    {
        if (activity is null || endPoint is not IPEndPoint { Address: var address, Port: var port }) return;
        activity.SetTag($"{prefix}.address", address.ToString());
        activity.SetTag($"{prefix}.port", port);
    }

    private void Pass(Action<SmtpServerObserver> tell)
    {
        foreach (SmtpServerObserver other in _others)
        {
            try
            {
                tell(other);
            }
            catch (Exception exception)
            {
                Log.MethodFailed(logger, exception, "-", other.GetType().Name);
            }
        }
    }
}
