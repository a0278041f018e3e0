using System;
using System.Collections.Generic;
using System.Threading;
using Ehlo.Server;

namespace Ehlo.Testing;

/// <summary>Keeps the connections of a server, with what was said and what went wrong in them.</summary>
internal sealed class ServerWatch : SmtpServerObserver
{
    // Each has at most half a megabyte, and usually a thousandth of that.
    private const int MaxConnections = 200;

    private readonly Lock _gate = new();
    private readonly Queue<ReceivedConnection> _connections = new();
    private readonly HashSet<SmtpServerConnection> _open = [];
    private bool _isClosed;

    /// <summary>The last connections, oldest first.</summary>
    public IReadOnlyList<ReceivedConnection> Connections
    {
        get
        {
            lock (_gate) return [.. _connections];
        }
    }

    public void Clear()
    {
        lock (_gate) _connections.Clear();
    }

    public void Note(SmtpServerConnection connection, string text) => Of(connection)?.Note(text);

    public override void ConnectionOpened(SmtpServerConnection connection)
    {
        ReceivedConnection received = new(connection);
        connection.Items[this] = received;
        connection.Trace = new ReceivedConnection.Trace(received);
        lock (_gate)
        {
            if (_connections.Count == MaxConnections) _connections.Dequeue();
            _connections.Enqueue(received);
            _open.Add(connection);
            if (!_isClosed) return;
        }
        connection.Abort();
    }

    /// <summary>Drops every connection, also those to come: the test is over, and waits for no peer.</summary>
    public void Close()
    {
        SmtpServerConnection[] open;
        lock (_gate)
        {
            _isClosed = true;
            open = [.. _open];
        }
        foreach (SmtpServerConnection connection in open) connection.Abort();
    }

    public override void ConnectionClosed(SmtpServerConnection connection)
    {
        lock (_gate) _open.Remove(connection);
        Of(connection)?.Close();
    }

    public override void HandshakeCompleted(SmtpServerConnection connection) =>
        Of(connection)?.Note($"{connection.Tls!.Protocol} with {connection.Tls.CipherSuite}");

    public override void HandshakeFailed(SmtpServerConnection connection, Exception exception) =>
        Of(connection)?.Note($"the TLS handshake failed: {exception.GetBaseException().Message}");

    public override void MethodFailed(SmtpServerConnection connection, string method, Exception exception) =>
        Of(connection)?.Note($"{method} failed: {exception}");

    private ReceivedConnection? Of(SmtpServerConnection connection) =>
        connection.Items.TryGetValue(this, out object? received) ? (ReceivedConnection?)received : null;
}
