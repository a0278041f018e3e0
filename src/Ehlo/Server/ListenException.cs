using System;
using System.Net.Sockets;

namespace Ehlo.Server;

/// <summary>A listener could not be opened: its address is in use, or not of this machine, or not permitted.</summary>
public sealed class ListenException : SocketException
{
    private readonly string? _cause;

    internal ListenException(SmtpListener listener, SocketException cause)
        : base((int)cause.SocketErrorCode) =>
        Listener = listener;

    internal ListenException(SmtpListener listener, Exception cause)
        : base((int)SocketError.AddressAlreadyInUse) =>
        (Listener, _cause) = (listener, $"the file of a server that has gone cannot be removed: {cause.Message}");

    /// <summary>The listener.</summary>
    public SmtpListener Listener { get; }

    /// <summary>Says which address, and why.</summary>
    public override string Message => $"Cannot listen on {Listener.EndPoint}: {_cause ?? base.Message}";
}
