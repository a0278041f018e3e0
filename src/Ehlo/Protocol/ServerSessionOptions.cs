using System;
using System.Collections.Generic;
using Ehlo.Sasl;

namespace Ehlo.Protocol;

/// <summary>What a session is told of its server. One object serves all sessions of a listener.</summary>
internal sealed class ServerSessionOptions
{
    public MailProtocol Protocol { get; init; }

    public bool IsSubmission { get; init; }

    /// <summary>The name in the greeting and in the answer to a hello.</summary>
    public required string ServerName { get; init; }

    /// <summary>0: no limit.</summary>
    public required long MaxMessageOctets { get; init; }

    public required int MaxRecipients { get; init; }

    public required int MaxCommandLineOctets { get; init; }

    public required int MaxErrors { get; init; }

    public required int MaxCommands { get; init; }

    public required int MaxRefusedRecipients { get; init; }

    public required int MaxAuthenticationFailures { get; init; }

    public bool RequireTls { get; init; }

    public bool RequireAuthentication { get; init; }

    public bool AllowPlaintextAuthentication { get; init; }

    public IReadOnlyList<SaslMechanism> Mechanisms { get; init; } = [];

    /// <summary>What mechanisms know of a connection in clear; TLS adds to it.</summary>
    public required SaslContext SaslContext { get; init; }

    public required IReadOnlyList<Extension> Extensions { get; init; }

    /// <summary>Tells the time, by the clock of whoever runs the session.</summary>
    public required Func<DateTimeOffset> Now { get; init; }

    /// <summary>The set that the last hello was offered, if it is alike: nearly all are, and ten thousand sessions had better have one.</summary>
    public ExtensionSet Share(ExtensionSet offered)
    {
        if (_lastOffered is { } last && last.IsAlike(offered)) return last;
        _lastOffered = offered;
        return offered;
    }

    /// <summary>The last hello, if it is equal: clients come in numbers from one host, and a hundred octets for each add up.</summary>
    public Hello Share(Hello hello)
    {
        // Read once: other sessions share theirs at the same time.
        if (_lastHello is { } last && last.Equals(hello)) return last;
        _lastHello = hello;
        return hello;
    }

    private volatile ExtensionSet? _lastOffered;
    private volatile Hello? _lastHello;

    /// <summary>
    /// Octets of refused content that are read and dropped before the connection is closed instead: as many again as a message may
    /// have, since a peer that misjudged its message deserves its 552, and one that never ends deserves no more of our time.
    /// </summary>
    public long MaxDroppedOctets => MaxMessageOctets is 0 or > long.MaxValue - Slack ? long.MaxValue : MaxMessageOctets + Slack;

    // So that a small limit does not close on a message of ordinary size, which had better be told 552.
    private const long Slack = 1 << 20;
}
