using System;

namespace Ehlo.Protocol;

/// <summary>What XCLIENT and XFORWARD have said on a connection.</summary>
internal struct ForwardedClients
{
    /// <summary>For whom the peer speaks, as all its XCLIENT commands have it; null while it speaks for itself.</summary>
    public ForwardedClient? Session { get; private set; }

    /// <summary>Where the next message came from, as all XFORWARD commands before it have it.</summary>
    public ForwardedClient? NextMessage { get; set; }

    /// <summary>Takes what a command says over what those before it said. False, with nothing taken, if it is malformed.</summary>
    public bool TryRead(Verb verb, ReadOnlySpan<byte> argument)
    {
        bool isXClient = verb is Verb.XClient;
        string[] names = isXClient ? ForwardGrammar.XClientNames : ForwardGrammar.XForwardNames;
        if (!ForwardGrammar.TryParse(argument, names, out ForwardedClient? client)) return false;
        // An identity that is not given again is gone.
        if (isXClient) Session = client.Over(Session?.WithoutLogin());
        else NextMessage = client.Over(NextMessage);
        return true;
    }
}
