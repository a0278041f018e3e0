using System.Net;

namespace Ehlo.Client;

/// <summary>Is told what a connection says and hears. Its methods must not throw, nor wait: the connection waits for them.</summary>
public abstract class SmtpConnectionObserver
{
    /// <summary>The connection stands, and nothing was said.</summary>
    /// <param name="destination">Where it leads.</param>
    /// <param name="remote">The server's address; null where a stream was handed in.</param>
    public virtual void OnConnected(SmtpDestination destination, EndPoint? remote)
    {
    }

    /// <summary>A command line was written. What is secret in AUTH is masked.</summary>
    /// <param name="line">The line without CRLF.</param>
    public virtual void OnSent(string line)
    {
    }

    /// <summary>Content was written, with its end.</summary>
    /// <param name="octets">As they were written, transparency and the final dot included.</param>
    public virtual void OnSentContent(long octets)
    {
    }

    /// <summary>A reply came. What a challenge of AUTH holds is masked.</summary>
    /// <param name="reply">The reply.</param>
    public virtual void OnReceived(Reply reply)
    {
    }

    /// <summary>TLS is on.</summary>
    /// <param name="connection">The connection, whose TLS properties are set.</param>
    public virtual void OnSecured(SmtpConnection connection)
    {
    }

    /// <summary>The connection is closed.</summary>
    public virtual void OnClosed()
    {
    }
}
