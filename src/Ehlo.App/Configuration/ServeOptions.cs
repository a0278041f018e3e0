using System;
using System.Collections.Generic;
using System.Net;
using Ehlo.App.Mailboxes;
using Ehlo.App.Release;
using Ehlo.App.Routing;
using Ehlo.App.Telemetry;
using Ehlo.App.Webhooks;
using Ehlo.Sasl;
using Ehlo.Testing;

namespace Ehlo.App.Configuration;

/// <summary>All that <c>ehlo serve</c> can be told; checked, with paths made absolute.</summary>
internal sealed record ServeOptions
{
    /// <summary>What the greeting and the trace fields call this server.</summary>
    public required string ServerName { get; init; }

    public required string DataDirectory { get; init; }

    public required IReadOnlyList<ListenerOptions> Listeners { get; init; }

    public required AuthenticationMode Authentication { get; init; }

    public required IReadOnlyList<UserOptions> Users { get; init; }

    /// <summary>Path of the file with further users, or null.</summary>
    public string? UsersFile { get; init; }

    public required ExtensionsOptions Extensions { get; init; }

    public required LimitsOptions Limits { get; init; }

    public required RouteTable Routes { get; init; }

    /// <summary>The failures that are scripted at the start.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Tried in this order for each message; what none takes is in the default one.</summary>
    public IReadOnlyList<MailboxOptions> Mailboxes { get; init; } = [];

    public TagOptions Tags { get; init; } = new();

    /// <summary>Of all mailboxes together.</summary>
    public RetentionOptions Retention { get; init; } = RetentionOptions.KeepAll;

    /// <summary>Where messages may be released to; null where they may not.</summary>
    public ReleaseOptions? Release { get; init; }

    /// <summary>Who is told of each message.</summary>
    public IReadOnlyList<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>Who gets numbers and traces.</summary>
    public TelemetryOptions Telemetry { get; init; } = TelemetryOptions.Off;

    /// <summary>When the checks of a message may ask DNS.</summary>
    public DnsMode Dns { get; init; }

    /// <summary>Null where the console and the HTTP API are off.</summary>
    public required ConsoleOptions? Console { get; init; }
}

/// <summary>Which names and passwords are accepted.</summary>
internal enum AuthenticationMode : byte
{
    /// <summary>Those of <see cref="ServeOptions.Users"/>.</summary>
    Users,

    /// <summary>Every name and password; the name is recorded.</summary>
    Any,
}

/// <summary>When the checks of a message may ask DNS, which tells resolvers the names in it.</summary>
internal enum DnsMode : byte
{
    /// <summary>When somebody says so, message by message.</summary>
    WhenAsked,

    /// <summary>Each time a message is checked.</summary>
    Always,

    Never,
}

internal enum ListenerProtocol : byte
{
    Smtp,
    Submission,
    Lmtp,
}

internal enum ListenerTls : byte
{
    None,
    StartTls,
    Implicit,
}

internal sealed record ListenerOptions
{
    /// <summary>Where to listen, after the command line had its say.</summary>
    public required EndpointAddress Endpoint { get; init; }

    /// <summary>The endpoint as configured, by which routes know the listener.</summary>
    public required string Name { get; init; }

    public ListenerProtocol Protocol { get; init; }

    public ListenerTls Tls { get; init; }

    public IReadOnlyList<CertificateOptions> Certificates { get; init; } = [];

    public ClientCertificatesOptions? ClientCertificates { get; init; }

    /// <summary>Proxies that are trusted to say whom they connect for.</summary>
    public IReadOnlyList<IPNetwork> ProxyProtocol { get; init; } = [];

    public TimeSpan GreetingDelay { get; init; }

    public bool RequireTls { get; init; }

    public bool RequireAuthentication { get; init; }

    public bool AllowPlaintextAuthentication { get; init; }

    /// <summary>The networks whose peers may say XCLIENT and XFORWARD.</summary>
    public IReadOnlyList<IPNetwork> XClient { get; init; } = [];

    /// <summary>In upper case; null is all that can succeed, an empty list switches AUTH off.</summary>
    public IReadOnlyList<string>? Mechanisms { get; init; }
}

/// <param name="Certificate">Path of the PEM file with the certificate and those between it and the root.</param>
/// <param name="PrivateKey">Path of the PEM file with the key.</param>
internal sealed record CertificateOptions(string Certificate, string PrivateKey);

internal enum ClientCertificateMode : byte
{
    None,

    /// <summary>Asked for; a client goes on without a valid one.</summary>
    Request,

    /// <summary>A handshake without a valid one fails.</summary>
    Require,
}

/// <param name="IsRequired">Whether a handshake fails without a valid certificate.</param>
/// <param name="Roots">Path of the PEM file with the authorities that are trusted; null for those of the system.</param>
internal sealed record ClientCertificatesOptions(bool IsRequired, string? Roots);

/// <param name="Name">In the form that it is looked up by.</param>
/// <param name="Credential">What is kept of the password.</param>
internal sealed record UserOptions(string Name, ScramCredential Credential);

internal sealed record ExtensionsOptions
{
    public bool Chunking { get; init; } = true;

    public bool BinaryMime { get; init; } = true;

    public bool SmtpUtf8 { get; init; } = true;

    public bool Dsn { get; init; } = true;

    public bool RequireTls { get; init; } = true;

    public bool Rrvs { get; init; } = true;

    /// <summary>The least seconds of DELIVERBY, 0 for none; null where it is not offered.</summary>
    public int? DeliverBy { get; init; }

    /// <summary>The profile of MT-PRIORITY, "" for the default one; null where it is not offered.</summary>
    public string? MtPriority { get; init; }

    /// <summary>The greatest seconds of FUTURERELEASE; null where it is not offered.</summary>
    public int? FutureRelease { get; init; }
}

internal sealed record LimitsOptions
{
    /// <summary>Stands for "no limit" where a count is asked for.</summary>
    public const int NoLimit = 0;

    /// <summary>50 MiB: what common providers let through (25 MB of attachments), a third more in base64, with room.</summary>
    public long MaxMessageOctets { get; init; } = 52_428_800;

    /// <summary>Ten times what RFC 5321 section 4.5.3.1.8 asks for at least.</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>Four times the 512 of RFC 5321 section 4.5.3.1.4, for the parameters that extensions add to MAIL and RCPT.</summary>
    public int MaxCommandLineOctets { get; init; } = 2048;

    /// <summary>A client that works makes none; one that guesses is stopped soon.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Of a connection, refused by a route; 0 for no limit. A sender that knows its recipients has few, one that guesses many.</summary>
    public int MaxRefusedRecipients { get; init; } = 100;

    /// <summary>A bound for sessions that would never end; 0 for none. Not a key of the file.</summary>
    public int MaxCommands { get; init; } = 1_000_000;

    public int MaxConnections { get; init; } = 10_000;

    /// <summary>One peer can hold a twentieth of all connections.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 500;

    /// <summary>Events of an address in a minute, 0 for any number; a burst of as many is let through at once.</summary>
    public int ConnectionsPerMinutePerAddress { get; init; }

    public int MessagesPerMinutePerAddress { get; init; }

    public int RecipientsPerMinutePerAddress { get; init; }

    public int AuthenticationFailuresPerMinutePerAddress { get; init; }

    /// <summary>Of this process, above which load is shed; 0 for no limit, null for three quarters of what the process may have.</summary>
    public long? MaxMemoryOctets { get; init; }

    /// <summary>Of content, for each second of waiting for it; 0 for no limit. Half of what a modem of 1985 gave.</summary>
    public int MinContentOctetsPerSecond { get; init; } = 100;

    /// <summary>RFC 5321 section 4.5.3.2.7: a server waits at least five minutes for the next command.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);
}

internal sealed record ConsoleOptions
{
    public required EndpointAddress Endpoint { get; init; }

    /// <summary>Host names beside localhost by which the console may be called, as when a proxy stands before it.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>What all paths begin with, as "/mail"; "" for nothing.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>For HTTPS; empty for HTTP.</summary>
    public IReadOnlyList<CertificateOptions> Certificates { get; init; } = [];

    /// <summary>Null where nobody signs in, and whoever reaches the endpoint may do all.</summary>
    public SignInOptions? SignIn { get; init; }
}

/// <summary>Who may sign in to the console and the API. They are others than those who may log in to send mail.</summary>
internal sealed record SignInOptions
{
    public required IReadOnlyList<UserOptions> Users { get; init; }

    /// <summary>Path of the file with further users, or null.</summary>
    public string? UsersFile { get; init; }

    /// <summary>Those who see all mailboxes, sessions and faults; null for everybody.</summary>
    public IReadOnlySet<string>? Administrators { get; init; }
}
