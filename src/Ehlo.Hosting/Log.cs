using System;
using System.Net;
using System.Security.Authentication;
using Ehlo.Client;
using Ehlo.Server;
using Microsoft.Extensions.Logging;

namespace Ehlo.Hosting;

/// <summary>Every message that is logged. What a peer said comes through <see cref="PeerText"/>; secrets come not at all.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {EndPoint}, TLS {Tls}")]
    public static partial void Listening(ILogger logger, EndPoint endPoint, TlsMode tls);

    [LoggerMessage(2, LogLevel.Critical, "The SMTP server cannot start: {Reason}")]
    public static partial void CannotListen(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Information, "Stopping with {Connections} SMTP connections open")]
    public static partial void Stopping(ILogger logger, int connections);

    [LoggerMessage(4, LogLevel.Information, "The SMTP server has stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(10, LogLevel.Debug, "{Connection}: opened by {Peer}")]
    public static partial void ConnectionOpened(ILogger logger, string connection, EndPoint? peer);

    [LoggerMessage(11, LogLevel.Debug, "{Connection}: closed after {Seconds:0.000} s")]
    public static partial void ConnectionClosed(ILogger logger, string connection, double seconds);

    [LoggerMessage(12, LogLevel.Warning, "Connection of {Peer} refused: {Limit} is reached")]
    public static partial void ConnectionRefused(ILogger logger, EndPoint? peer, string limit);

    [LoggerMessage(13, LogLevel.Error, "Accepting on {EndPoint} failed")]
    public static partial void AcceptFailed(ILogger logger, Exception exception, EndPoint endPoint);

    [LoggerMessage(16, LogLevel.Error, "A method has held up an event loop for {Seconds:0.0} s, and all of its connections with it")]
    public static partial void EventLoopBlocked(ILogger logger, double seconds);

    [LoggerMessage(14, LogLevel.Debug, "{Connection}: TLS began")]
    public static partial void HandshakeCompleted(ILogger logger, string connection);

    [LoggerMessage(15, LogLevel.Information, "{Connection}: TLS handshake failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string connection, string reason);

    [LoggerMessage(20, LogLevel.Information, "{Connection}: {Identity} logged in by {Mechanism}")]
    public static partial void AuthenticationSucceeded(ILogger logger, string connection, string identity, string mechanism);

    [LoggerMessage(21, LogLevel.Warning, "{Connection}: login of {ClaimedIdentity} by {Mechanism} from {Peer} failed with {Code}")]
    public static partial void AuthenticationFailed(
        ILogger logger, string connection, string claimedIdentity, string mechanism, EndPoint? peer, int code);

    [LoggerMessage(30, LogLevel.Information, "{Connection}: message from {ReversePath} to {Recipients} recipients accepted, {Octets} octets")]
    public static partial void MessageAccepted(ILogger logger, string connection, string reversePath, int recipients, long octets);

    [LoggerMessage(31, LogLevel.Information, "{Connection}: message from {ReversePath} to {Recipients} recipients refused, {Octets} octets")]
    public static partial void MessageRefused(ILogger logger, string connection, string reversePath, int recipients, long octets);

    [LoggerMessage(32, LogLevel.Debug, "{Connection}: transaction from {ReversePath} ended without a message: {Cause}")]
    public static partial void TransactionAborted(ILogger logger, string connection, string reversePath, ResetCause cause);

    [LoggerMessage(40, LogLevel.Error, "{Connection}: {Method} failed; the client was told to try later")]
    public static partial void MethodFailed(ILogger logger, Exception exception, string connection, string method);

    [LoggerMessage(50, LogLevel.Debug, "{Sender}: connected to {Destination} at {Peer}")]
    public static partial void SenderConnected(ILogger logger, string sender, SmtpDestination destination, EndPoint? peer);

    [LoggerMessage(51, LogLevel.Debug, "{Sender}: {TlsProtocol} with {Destination}")]
    public static partial void SenderSecured(ILogger logger, string sender, SmtpDestination destination, SslProtocols? tlsProtocol);

    [LoggerMessage(52, LogLevel.Debug, "{Sender}: a connection is closed")]
    public static partial void SenderClosed(ILogger logger, string sender);

    [LoggerMessage(53, LogLevel.Trace, "{Sender}: C: {Line}")]
    public static partial void SenderSaid(ILogger logger, string sender, string line);

    [LoggerMessage(54, LogLevel.Trace, "{Sender}: content of {Octets} octets is sent")]
    public static partial void SenderSentContent(ILogger logger, string sender, long octets);

    [LoggerMessage(55, LogLevel.Trace, "{Sender}: S: {Reply}")]
    public static partial void SenderHeard(ILogger logger, string sender, string reply);
}
