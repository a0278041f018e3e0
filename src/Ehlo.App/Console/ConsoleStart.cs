using System;
using System.Collections.Generic;
using System.IO;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Posting;
using Ehlo.App.Sessions;
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

    /// <summary>The URL of the first SMTP listener, with its real port: <c>smtp://127.0.0.1:2525</c>.</summary>
    public required string Smtp { get; init; }

    /// <summary>The URLs of all listeners, with their real ports.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    /// <summary>All that the program was told; null where the console runs by itself.</summary>
    public ServeOptions? Serve { get; init; }

    public required TimeProvider Time { get; init; }

    public required TextWriter Error { get; init; }
}
