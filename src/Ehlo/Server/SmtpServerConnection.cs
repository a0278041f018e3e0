using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Ehlo.Protocol;

namespace Ehlo.Server;

/// <summary>The facts of a connection, which stand while session objects come and go.</summary>
public sealed class SmtpServerConnection
{
    private Dictionary<object, object?>? _items;
    private Stack<IAsyncDisposable>? _disposedAfterSession;

    internal SmtpServerConnection(string id, SmtpListener listener, EndPoint? localEndPoint, EndPoint? remoteEndPoint)
    {
        (Id, Listener, LocalEndPoint, RemoteEndPoint) = (id, listener, localEndPoint, remoteEndPoint);
        Protocol = new(listener.SessionOptions);
    }

    /// <summary>Unique among the connections of this process.</summary>
    public string Id { get; }

    /// <summary>The listener that it came in by.</summary>
    public SmtpListener Listener { get; }

    /// <summary>This side's address, or null where there is none.</summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>The peer's address, or null where there is none.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>What the TLS handshake settled, or null while there is no TLS.</summary>
    public TlsProperties? Tls { get; internal set; }

    /// <summary>1 while the first session object of the connection lives, 2 for the one after STARTTLS.</summary>
    public int SessionNumber { get; internal set; }

    /// <summary>
    /// For the session class to keep things in for as long as the connection lasts. STARTTLS does not clear it, so it must hold nothing
    /// that the peer said in clear (RFC 3207 section 4.2).
    /// </summary>
    public IDictionary<object, object?> Items => _items ??= [];

    /// <summary>Is shown the dialogue from now on; null for nobody. It stays over STARTTLS.</summary>
    public ISessionTrace? Trace
    {
        get => Protocol.Trace;
        set => Protocol.Trace = value;
    }

    internal ServerSession Protocol { get; }

    /// <summary>
    /// For the factory of session objects: has something disposed once the object that it makes is, or at once where it makes none. What
    /// was named last goes first. What it throws is reported and changes nothing.
    /// </summary>
    public void DisposeAfterSession(IAsyncDisposable disposable)
    {
        ArgumentNullException.ThrowIfNull(disposable);
        (_disposedAfterSession ??= []).Push(disposable);
    }

    internal bool TryTakeDisposable([NotNullWhen(true)] out IAsyncDisposable? disposable)
    {
        disposable = null;
        return _disposedAfterSession is { } stack && stack.TryPop(out disposable);
    }
}
