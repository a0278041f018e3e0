using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Ehlo.Protocol;

namespace Ehlo.Server;

/// <summary>What a <see cref="SmtpServer"/> is made from. It is checked when the server is made; change nothing afterwards.</summary>
public sealed class SmtpServerOptions
{
    /// <summary>The name that the server gives in its greeting: its domain, or an address literal. The machine's name by default.</summary>
    public string ServerName { get; init; } = Environment.MachineName;

    /// <summary>Where connections come in; at least one.</summary>
    public IList<SmtpListener> Listeners { get; init; } = [];

    /// <summary>The limits.</summary>
    public SmtpLimits Limits { get; init; } = new();

    /// <summary>The time-outs.</summary>
    public SmtpTimeouts Timeouts { get; init; } = new();

    /// <summary>CHUNKING: content by BDAT (RFC 3030 section 2). On.</summary>
    public bool Chunking { get; init; } = true;

    /// <summary>BINARYMIME: content that is not lines (RFC 3030 section 3). On; it is offered with CHUNKING only.</summary>
    public bool BinaryMime { get; init; } = true;

    /// <summary>SMTPUTF8: UTF-8 in addresses and headers (RFC 6531). On.</summary>
    public bool SmtpUtf8 { get; init; } = true;

    /// <summary>
    /// Further extensions, in the order in which EHLO lists them. By default those that ask nothing of a server but to keep what it is told:
    /// DSN, REQUIRETLS, RRVS and LIMITS. Add <see cref="DeliverByExtension"/>, <see cref="MtPriorityExtension"/>,
    /// <see cref="FutureReleaseExtension"/>, <see cref="NoSolicitingExtension"/>, or an <see cref="Extension"/> of one's own.
    /// </summary>
    public IList<Extension> Extensions { get; init; } =
        [new DsnExtension(), new RequireTlsExtension(), new RrvsExtension(), new LimitsExtension()];

    /// <summary>
    /// The key of the salts that SCRAM shows for names that do not exist, lest a salt tell which do. By chance for each process; a key
    /// that is kept makes them outlast a restart, as real ones do. 32 octets.
    /// </summary>
    public ReadOnlyMemory<byte> FakeSaltKey { get => field.IsEmpty ? field = NewFakeSaltKey() : field; init; }

    /// <summary>Is told of logins, and of what goes wrong. Nobody by default.</summary>
    public SmtpServerObserver Observer { get; init; } = new();

    /// <summary>Says how often things may happen. Null, the default, for as often as they do.</summary>
    public SmtpRateLimiter? RateLimiter { get; init; }

    /// <summary>
    /// Whether the methods of session classes start on the event loops that read and write the sockets, on Linux; elsewhere it says nothing. It
    /// saves most of what a small message costs, and in return no method may block: while one does, so do all connections of its loop. What
    /// a method awaits may take as long as it likes. False, the default: all methods run on the thread pool.
    /// </summary>
    public bool RunOnEventLoop { get; init; }

    /// <summary>The octets of memory in use, for <see cref="SmtpLimits.MaxMemoryOctets"/>. The working set of the process.</summary>
    public Func<long> MemoryInUse { get; init; } = static () => Environment.WorkingSet;

    /// <summary>The clock of every wait.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    // Its own method: compiling it loads the platform's cryptography, for which a server that is given a key has no use.
    private static byte[] NewFakeSaltKey() => RandomNumberGenerator.GetBytes(32);
}
