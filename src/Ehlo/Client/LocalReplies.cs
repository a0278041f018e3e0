namespace Ehlo.Client;

/// <summary>What a server would say, where the client sees by itself that a message cannot be sent.</summary>
internal static class LocalReplies
{
    // RFC 3463 section 3.7: X.6.0, other or undefined media error.
    public static Reply Malformed(long octet) =>
        new(554, new(5, 6, 0), $"The content has a CR or LF alone at octet {octet}; lines end with CRLF (RFC 5321 section 2.3.8)");

    // RFC 3463 section 3.4: X.3.4, message too big for system.
    public static Reply TooLarge(long most) => new(552, new(5, 3, 4), $"The content is larger than the {most} octets that the server takes");

    // RFC 3463 section 3.6: X.5.3, too many recipients.
    public static Reply TooManyRecipients { get; } =
        new(452, new(4, 5, 3), "More recipients than the server takes at once, and content that can be read only once");

    /// <summary>The message needs an extension that the server does not offer.</summary>
    public static Reply Missing(string keyword) => keyword switch
    {
        // RFC 6531 section 3.5, RFC 8689 section 5, RFC 3463 section 3.7: X.6.3, conversion required but not supported.
        "SMTPUTF8" => new(550, new(5, 6, 7), "The message needs SMTPUTF8, which the server does not offer"),
        "REQUIRETLS" => new(550, new(5, 7, 30), "The message needs REQUIRETLS, which the server does not offer"),
        "8BITMIME" or "BINARYMIME" or "CHUNKING" =>
            new(554, new(5, 6, 3), $"The content needs {keyword}, which the server does not offer"),
        _ => new(554, new(5, 5, 4), $"The message needs {keyword}, which the server does not offer"),
    };
}
