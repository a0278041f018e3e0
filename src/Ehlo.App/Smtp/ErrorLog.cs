using System;
using System.IO;
using System.Linq;
using System.Net;
using Ehlo.Server;

namespace Ehlo.App.Smtp;

/// <summary>Says on standard error what goes wrong in the server.</summary>
internal class ErrorLog(TextWriter error) : SmtpServerObserver
{
    public override void MethodFailed(SmtpServerConnection connection, string method, Exception exception) =>
        Write($"connection {connection.Id}: {method} failed: {exception}");

    public override void HandshakeFailed(SmtpServerConnection connection, Exception exception) =>
        Write($"connection {connection.Id} from {Plain(connection.RemoteEndPoint)}: TLS handshake failed: {exception.GetBaseException().Message}");

    public override void ConnectionRefused(EndPoint? peer, string limit) => Write($"connection from {Plain(peer)} refused by {limit}");

    public override void AuthenticationFailed(SmtpServerConnection connection, string mechanism, string? claimedIdentity, Reply reply) =>
        Write($"connection {connection.Id} from {Plain(connection.RemoteEndPoint)}: login by {mechanism}{Quote(claimedIdentity)} failed: {reply}");

    public override void ProxyHeaderRefused(SmtpServerConnection connection) =>
        Write($"connection {connection.Id} from {Plain(connection.RemoteEndPoint)}: no PROXY header, although its address is trusted with one");

    public override void ConnectionAbandoned(SmtpServerConnection connection) =>
        Write($"connection {connection.Id}: left open at the end, since its message is still being stored");

    public override void AcceptFailed(SmtpListener listener, Exception exception) =>
        Write($"{listener.EndPoint}: a connection could not be accepted: {exception.Message}");

    public override void EventLoopBlocked(TimeSpan busy) =>
        Write($"an event loop has been held up for {busy.TotalSeconds:0.0} seconds, and all of its connections with it");

    // A listener on every address sees an IPv4 peer as ::ffff:192.0.2.1, which no other log calls it.
    private static EndPoint? Plain(EndPoint? peer) =>
        peer is IPEndPoint { Address: { IsIPv4MappedToIPv6: true } address, Port: int port } ? new IPEndPoint(address.MapToIPv4(), port) : peer;

    // What a peer sends must not make a second line, nor a long one.
    internal static string Quote(string? name) =>
        name is null ? "" : $" as '{string.Concat(name.Take(80).Select(character => char.IsControl(character) ? '?' : character))}'";

    private void Write(string text)
    {
        lock (error) error.WriteLine($"ehlo: {text}");
    }
}
