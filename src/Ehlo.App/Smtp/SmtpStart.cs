using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Sessions;
using Ehlo.Server;
using Ehlo.Testing;

namespace Ehlo.App.Smtp;

/// <summary>What the SMTP side is started with.</summary>
internal sealed record SmtpStart
{
    public required ServeOptions Options { get; init; }

    public required InboxStore Store { get; init; }

    /// <summary>Where those who look on find the sessions.</summary>
    public LiveSessions Sessions => field ??= new LiveSessions(Time);

    /// <summary>The key of the salts of names that do not exist; by chance where none is kept.</summary>
    public ReadOnlyMemory<byte> FakeSaltKey { get => field.IsEmpty ? field = RandomNumberGenerator.GetBytes(32) : field; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The failures that are scripted, which may change at any time.</summary>
    public FaultSet Faults { get; init; } = new();

    /// <summary>Puts others before who is told of what the server does.</summary>
    public Func<SmtpServerObserver, SmtpServerObserver> Observe { get; init; } = observer => observer;

    /// <summary>A line a message, safe to use from several threads; it stays silent until the listening lines stand.</summary>
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }
}

/// <summary>Listeners that are open.</summary>
internal interface IRunningSmtp : IAsyncDisposable
{
    /// <summary>One for each listener, with its real port: <c>smtp://127.0.0.1:2525</c>, <c>smtps://…</c> or <c>smtp+unix:/path</c>.</summary>
    IReadOnlyList<string> Urls { get; }

    /// <summary>No new connections; sessions finish their message or get 421. The token ends the patience.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}

/// <exception cref="StartException">A listener cannot be opened; none stays open.</exception>
internal delegate Task<IRunningSmtp> StartSmtp(SmtpStart start, CancellationToken cancellationToken);
