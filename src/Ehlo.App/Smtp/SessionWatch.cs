using System.IO;
using System.Net;
using Ehlo.App.Sessions;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.App.Smtp;

/// <summary>Keeps the list of sessions true, beside the log of errors.</summary>
internal sealed class SessionWatch(TextWriter error, LiveSessions sessions) : ErrorLog(error)
{
    public override void ConnectionClosed(SmtpServerConnection connection)
    {
        if (Of(connection) is { } session) sessions.Close(session);
    }

    /// <summary>What was said in clear counts no more (RFC 3207 section 4.2).</summary>
    public override void HandshakeCompleted(SmtpServerConnection connection) =>
        Of(connection)?.Update(Name(connection.Tls!), static (ref facts, tls) => (facts.Tls, facts.Hello, facts.Identity) = (tls, null, null));

    public override void TransactionEnded(SmtpServerConnection connection, MailTransaction transaction, ResetCause cause) =>
        Of(connection)?.Update(0, static (ref facts, _) => LiveSessions.EndTransaction(ref facts));

    public override void AuthenticationSucceeded(SmtpServerConnection connection, string mechanism, AuthenticatedIdentity identity) =>
        Of(connection)?.Update(identity.Name, static (ref facts, name) => facts.Identity = name);

    /// <summary>Makes the entry of a connection whose session has just been made.</summary>
    public static LiveSession Open(LiveSessions sessions, SmtpServerConnection connection)
    {
        LiveSession session = sessions.Open(connection.Id, PeerOf(connection), ListenerOf(connection));
        if (connection.Tls is { } tls) session.Update(Name(tls), static (ref facts, name) => facts.Tls = name);
        return session;
    }

    /// <summary>The client's address; "" on a Unix socket, which has none.</summary>
    public static string PeerOf(SmtpServerConnection connection) => connection.RemoteEndPoint is IPEndPoint { Address: var address }
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : "";

    // With the port that is open, where another one is configured.
    private static string ListenerOf(SmtpServerConnection connection) => connection.LocalEndPoint switch
    {
        IPEndPoint { Address: { IsIPv4MappedToIPv6: true } address, Port: int port } => new IPEndPoint(address.MapToIPv4(), port).ToString(),
        IPEndPoint endPoint => endPoint.ToString(),
        { } other => $"unix:{other}",
        null => "",
    };

    private static LiveSession? Of(SmtpServerConnection connection) => (connection.Trace as DialogueTrace)?.Session;

    private static string Name(TlsProperties tls) => tls.Protocol is System.Security.Authentication.SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2";
}
