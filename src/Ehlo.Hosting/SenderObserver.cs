using System.Net;
using Ehlo.Client;
using Microsoft.Extensions.Logging;

namespace Ehlo.Hosting;

/// <summary>Turns what a sender's connections tell into logs, and passes it on to the observer of the options.</summary>
internal sealed class SenderObserver(ILogger logger, string sender, SmtpConnectionObserver? other) : SmtpConnectionObserver
{
    public override void OnConnected(SmtpDestination destination, EndPoint? remote)
    {
        Log.SenderConnected(logger, sender, destination, remote);
        other?.OnConnected(destination, remote);
    }

    public override void OnSecured(SmtpConnection connection)
    {
        Log.SenderSecured(logger, sender, connection.Destination, connection.TlsProtocol);
        other?.OnSecured(connection);
    }

    public override void OnSent(string line)
    {
        Log.SenderSaid(logger, sender, line);
        other?.OnSent(line);
    }

    public override void OnSentContent(long octets)
    {
        Log.SenderSentContent(logger, sender, octets);
        other?.OnSentContent(octets);
    }

    public override void OnReceived(Reply reply)
    {
        if (logger.IsEnabled(LogLevel.Trace)) Log.SenderHeard(logger, sender, PeerText.Of(reply.ToString()));
        other?.OnReceived(reply);
    }

    public override void OnClosed()
    {
        Log.SenderClosed(logger, sender);
        other?.OnClosed();
    }
}
