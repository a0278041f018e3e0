using System;

namespace Ehlo.Protocol;

/// <summary>The replies in which the server names itself, without an enhanced status code (RFC 2034 section 4).</summary>
internal static class Greetings
{
    // Characters of the session class's own words in the answer to a hello: they share 512 octets (RFC 5321 section 4.5.3.1.5) with
    // the code and a server name of up to 255.
    private const int MaxHelloGreeting = 200;

    // Greeting = "220 " ( Domain / address-literal ) [ SP textstring ] CRLF
    public static Reply ToConnection(string serverName, Reply reply) => new(reply.Code, $"{serverName} {reply.Text}".TrimEnd());

    // ehlo-ok-rsp: the server's name, with a greeting of the session class behind it, then a keyword a line (RFC 5321 section 4.1.1.1)
    public static Reply ToHello(string serverName, Reply reply, ExtensionSet inForce)
    {
        if (reply.Text.Length == 0 && inForce.Answer is { } answer) return new(250, answer);
        // One line: what went over it would be read as a keyword.
        string greeting = reply.Text.Split('\r', '\n')[0];
        greeting = greeting[..Math.Min(greeting.Length, MaxHelloGreeting)];
        return new(250, $"{serverName} {greeting}".TrimEnd() + inForce.Lines);
    }
}
