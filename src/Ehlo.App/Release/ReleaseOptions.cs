using System.Collections.Generic;
using Ehlo.Client;

namespace Ehlo.App.Release;

/// <summary>Where messages may be released to, and for whom.</summary>
internal sealed record ReleaseOptions
{
    /// <summary>The server that gets them.</summary>
    public required SmtpDestination Server { get; init; }

    /// <summary>Globs over recipients; one of them must match each. Never empty.</summary>
    public required IReadOnlyList<string> AllowedRecipients { get; init; }

    /// <summary>Who gets each message in the place of its recipients; empty for those.</summary>
    public IReadOnlyList<Mailbox> Recipients { get; init; } = [];

    /// <summary>The reverse-path in the place of the message's; null for that.</summary>
    public ReversePath? ReturnPath { get; init; }

    /// <summary>Who may release, in the form that names are looked up by; null for whoever sees a message.</summary>
    public IReadOnlySet<string>? Users { get; init; }
}
