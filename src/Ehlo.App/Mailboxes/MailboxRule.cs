using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Ehlo.App.Inbox;
using Ehlo.App.Routing;

namespace Ehlo.App.Mailboxes;

/// <summary>Which messages a mailbox takes: all that is given must match. Globs are without case, and <c>*</c> is any run of characters.</summary>
internal sealed record MailboxRule
{
    /// <summary>A glob over a whole forward-path; one of the message's is enough. Null for all.</summary>
    public string? Recipient { get; init; }

    /// <summary>A glob over the authenticated identity; a message without one does not match. Null for all.</summary>
    public string? Identity { get; init; }

    /// <summary>The name of a header field that must be there. Null for all.</summary>
    public string? HeaderName { get; init; }

    /// <summary>A glob over the decoded value of the first field of that name.</summary>
    public string HeaderValue { get; init; } = "*";

    /// <summary>Networks, one of which the peer must be in; a Unix socket is in none. Empty for all.</summary>
    public IReadOnlyList<IPNetwork> Source { get; init; } = [];

    /// <summary>The configured endpoint of the listener. Null for all.</summary>
    public string? Listener { get; init; }

    /// <param name="header">The decoded value of a header field, or null.</param>
    public bool Matches(StoredMessage message, string listener, Func<string, string?> header) =>
        (Listener is null || Listener == listener)
        && (Identity is null || (message.Identity is { } identity && Route.IsMatch(Identity, identity)))
        && (Source.Count == 0 || IsFrom(message.PeerAddress))
        && (Recipient is null || message.To.Any(recipient => Route.IsMatch(Recipient, recipient)))
        && (HeaderName is null || (header(HeaderName) is { } value && Route.IsMatch(HeaderValue, value.Trim())));

    private bool IsFrom(string peer) => IPAddress.TryParse(peer, out IPAddress? address) && Source.Any(network => network.Contains(address));
}
