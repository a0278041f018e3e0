using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Threading;
using Ehlo.Protocol;
using Ehlo.Sasl;

namespace Ehlo.Server;

/// <summary>The facts of a connection, which stand while session objects come and go.</summary>
public abstract class SmtpServerConnection
{
    private readonly long _number;
    private readonly ushort _remotePort;
    private object? _remote; // The client's end point; the address alone while nobody has asked for that: it would be four words more.
    private string? _id;
    private Uncommon? _uncommon;

    private protected SmtpServerConnection(
        long number, ConnectionTransport transport, SmtpListener listener, EndPoint? localEndPoint, RemotePeer remote)
    {
        (_number, Transport, Listener, LocalEndPoint, (_remote, _remotePort)) = (number, transport, listener, localEndPoint, remote);
        Protocol = new(listener.SessionOptions) { IsTrustedPeer = listener.TrustsXClient(remote.Address) };
    }

    /// <summary>Unique among the connections of this process.</summary>
    public string Id => _id ??= SmtpServer.IdOf(_number);

    /// <summary>The listener that it came in by.</summary>
    public SmtpListener Listener { get; }

    /// <summary>This side's address, or null where there is none. Behind a trusted proxy, and after XCLIENT, the one that was given.</summary>
    public EndPoint? LocalEndPoint { get; private set; }

    /// <summary>The client's address, or null where there is none: the peer's, and after XCLIENT the one that was given.</summary>
    public EndPoint? RemoteEndPoint
    {
        get
        {
            // Exchanged: meanwhile another thread may have asked, or the client's address become another.
            if (_remote is IPAddress address) Interlocked.CompareExchange(ref _remote, new IPEndPoint(address, _remotePort), address);
            return (EndPoint?)_remote;
        }
        private set => _remote = value;
    }

    /// <summary>
    /// The address of the peer, or null where there is none: behind a trusted proxy the client's, if the proxy gave one. XCLIENT does not
    /// change it.
    /// </summary>
    public EndPoint? PeerEndPoint => _uncommon is { IsClientReplaced: true } ? _uncommon.PeerEndPoint : RemoteEndPoint;

    /// <summary>The address of the proxy that the connection came by; null where it came by none.</summary>
    public EndPoint? ProxyEndPoint => _uncommon?.ProxyEndPoint;

    /// <summary>What the proxy said (<see cref="SmtpListener.ProxyProtocol"/>); null where the connection came by none.</summary>
    public ProxyHeader? Proxy => _uncommon?.Proxy;

    /// <summary>For whom the peer speaks, as it said with XCLIENT (<see cref="SmtpListener.XClient"/>); null while for itself.</summary>
    public ForwardedClient? Client => Protocol.Client;

    /// <summary>What the TLS handshake settled, or null while there is no TLS.</summary>
    public TlsProperties? Tls
    {
        get => _uncommon?.Tls;
        internal set => Rest.Tls = value;
    }

    /// <summary>Who is authenticated, or null.</summary>
    public AuthenticatedIdentity? Identity => Protocol.Identity;

    /// <summary>1 while the first session object of the connection lives, 2 for the one after STARTTLS or XCLIENT, and so on.</summary>
    public int SessionNumber { get; internal set; }

    /// <summary>
    /// For the session class to keep things in for as long as the connection lasts. STARTTLS does not clear it, so it must hold nothing
    /// that the peer said in clear (RFC 3207 section 4.2).
    /// </summary>
    public IDictionary<object, object?> Items => Rest.Items ??= [];

    /// <summary>Is shown the dialogue from now on; null for nobody. It stays over STARTTLS.</summary>
    public ISessionTrace? Trace
    {
        get => Protocol.Trace;
        set => Protocol.Trace = value;
    }

    internal ServerSession Protocol { get; }

    internal ConnectionTransport Transport { get; }

    /// <summary>How it is counted for the limits.</summary>
    internal Counted CountedAs { get; set; }

    /// <summary>Its neighbours among the open ones; for those alone.</summary>
    internal SmtpServerConnection? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    internal SmtpServerConnection? Next { get; set; }

    /// <summary>Of <see cref="RemoteEndPoint"/>.</summary>
    internal IPAddress? RemoteAddress => RemotePeer.AddressOf(_remote);

    /// <summary>Of <see cref="PeerEndPoint"/>.</summary>
    internal IPAddress? PeerAddress => RemotePeer.AddressOf(_uncommon is { IsClientReplaced: true } ? _uncommon.PeerEndPoint : _remote);

    private Uncommon Rest => _uncommon ??= new();

    /// <summary>
    /// For the factory of session objects: has something disposed once the object that it makes is, or at once where it makes none. What
    /// was named last goes first. What it throws is reported and changes nothing.
    /// </summary>
    public void DisposeAfterSession(IAsyncDisposable disposable)
    {
        ArgumentNullException.ThrowIfNull(disposable);
        (Rest.DisposedAfterSession ??= []).Push(disposable);
    }

    /// <summary>
    /// Ends the connection without another word, as if it was lost: no reply, no close_notify. What was answered before is still written;
    /// what the method that runs returns is not. The methods' token is cancelled, and an open transaction ends as
    /// <see cref="ResetCause.Disconnected"/>. A connection that is closing already is not waited for. May be called at any time, more than
    /// once, and from any thread.
    /// </summary>
    public void Abort() => Transport.Abort();

    internal bool TryTakeDisposable([NotNullWhen(true)] out IAsyncDisposable? disposable)
    {
        disposable = null;
        return _uncommon?.DisposedAfterSession is { } stack && stack.TryPop(out disposable);
    }

    /// <summary>The facts as the proxy has them. One that passes on nobody, or does not say whom, stands for itself.</summary>
    internal void Adopt(ProxyHeader header)
    {
        (Rest.Proxy, Rest.ProxyEndPoint) = (header, RemoteEndPoint);
        if (header.IsLocal) return;
        if (header.Source is { } source)
            (RemoteEndPoint, LocalEndPoint) = (Unmapped(source), Unmapped(header.Destination));
        else if (header.SourcePath is not null || header.DestinationPath is not null)
            (RemoteEndPoint, LocalEndPoint) = (null, null);
        // It is the client's own address that is trusted or not, and never its proxy's.
        Protocol.IsTrustedPeer = Listener.TrustsXClient(PeerAddress);
    }

    /// <summary>Where one socket takes IPv4 and IPv6, an IPv4 address comes in IPv6's clothes, and would match no list of addresses.</summary>
    internal static EndPoint? Unmapped(EndPoint? endPoint) =>
        endPoint is IPEndPoint { Address: { IsIPv4MappedToIPv6: true } address, Port: var port }
            ? new IPEndPoint(address.MapToIPv4(), port)
            : endPoint;

    /// <summary>The facts as a trusted peer gives them.</summary>
    internal void Adopt(ForwardedClient client)
    {
        Uncommon rest = Rest;
        if (!rest.IsClientReplaced) (rest.IsClientReplaced, rest.PeerEndPoint, rest.PeerLocalEndPoint) = (true, RemoteEndPoint, LocalEndPoint);
        RemoteEndPoint = client.ReplaceRemote(rest.PeerEndPoint);
        LocalEndPoint = client.ReplaceLocal(rest.PeerLocalEndPoint);
    }

    // What few connections have, so that the others need not hold room for it.
    private sealed class Uncommon
    {
        public Dictionary<object, object?>? Items { get; set; }

        public Stack<IAsyncDisposable>? DisposedAfterSession { get; set; }

        public TlsProperties? Tls { get; set; }

        public ProxyHeader? Proxy { get; set; }

        public EndPoint? ProxyEndPoint { get; set; }

        // After XCLIENT: the addresses that it replaced.
        public bool IsClientReplaced { get; set; }

        public EndPoint? PeerEndPoint { get; set; }

        public EndPoint? PeerLocalEndPoint { get; set; }
    }
}
