using System;
using System.Collections.Generic;
using System.IO;
using Ehlo.App.Access;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.MessageChecks.Dns;
using Ehlo.App.Posting;
using Ehlo.App.Release;
using Ehlo.App.Sessions;
using Ehlo.App.Webhooks;
using Ehlo.Testing;

namespace Ehlo.App.Console;

/// <summary>What the console is started with.</summary>
internal sealed record ConsoleStart
{
    public required ConsoleOptions Options { get; init; }

    public required InboxStore Store { get; init; }

    public required FaultSet Faults { get; init; }

    /// <summary>What goes on over SMTP.</summary>
    public required LiveSessions Sessions { get; init; }

    /// <summary>Takes messages that come by the API.</summary>
    public required MessagePost Post { get; init; }

    /// <summary>Sends messages on; null where the configuration has no server for it.</summary>
    public MessageRelease? Release { get; init; }

    /// <summary>Tells others of messages; null where there are none.</summary>
    public WebhookService? Webhooks { get; init; }

    /// <summary>Who may sign in; null where nobody does.</summary>
    public SignIn? SignIn { get; init; }

    /// <summary>Whether there is an end point for Prometheus.</summary>
    public bool HasPrometheus { get; init; }

    /// <summary>Where the keys of cookies are kept, so that who signed in stays so over a restart; null for nowhere.</summary>
    public string? KeysFolder { get; init; }

    /// <summary>When the checks of a message may ask DNS.</summary>
    public DnsMode Dns { get; init; }

    /// <summary>Whom they ask.</summary>
    public INameLookup Names { get; init; } = new DnsClientLookup();

    /// <summary>The URL of the first SMTP listener, with its real port: <c>smtp://127.0.0.1:2525</c>.</summary>
    public required string Smtp { get; init; }

    /// <summary>The URLs of all listeners, with their real ports.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    /// <summary>All that the program was told; null where the console runs by itself.</summary>
    public ServeOptions? Serve { get; init; }

    public required TimeProvider Time { get; init; }

    public required TextWriter Error { get; init; }
}
