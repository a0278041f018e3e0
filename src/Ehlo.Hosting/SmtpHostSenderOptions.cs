using System;
using System.Collections.Generic;
using Ehlo.Client;
using Ehlo.Sasl;

namespace Ehlo.Hosting;

/// <summary>
/// What a hosted <see cref="SmtpSender"/> is made from: bound from configuration, changed by code, checked when the host starts. A property's
/// name is its key; what each means, and its range, says the property of that name in <see cref="SmtpSenderOptions"/> or
/// <see cref="SmtpConnectionOptions"/>.
/// </summary>
public sealed class SmtpHostSenderOptions
{
    private static readonly SmtpSenderOptions Defaults = new(new SmtpDestination("localhost"));

    /// <summary>Where to send, as <see cref="SmtpDestination.Parse"/> reads it: <c>smtp://mail.example.org</c>. It must be given.</summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// The user to authenticate as, where the URL names none; the same as in the URL, so that port and TLS follow from it, but never in need of
    /// percent-encoding.
    /// </summary>
    public string? User { get; set; }

    /// <summary>The password of <see cref="User"/>: a key of its own, for it comes from elsewhere than the rest.</summary>
    public string? Password { get; set; }

    /// <inheritdoc cref="SmtpConnectionOptions.LocalName"/>
    public string? LocalName { get; set; }

    /// <summary>
    /// The proxy to connect through, as <see cref="ClientProxy.Parse"/> reads it: <c>socks5://proxy.example.org</c>; null for none.
    /// </summary>
    public string? Proxy { get; set; }

    /// <inheritdoc cref="SmtpSenderOptions.MaxConnections"/>
    public int MaxConnections { get; set; } = Defaults.MaxConnections;

    /// <inheritdoc cref="SmtpSenderOptions.MaxMessagesPerConnection"/>
    public int MaxMessagesPerConnection { get; set; } = Defaults.MaxMessagesPerConnection;

    /// <inheritdoc cref="SmtpSenderOptions.MaxQueuedMessages"/>
    public int MaxQueuedMessages { get; set; } = Defaults.MaxQueuedMessages;

    /// <inheritdoc cref="SmtpSenderOptions.MaxAttempts"/>
    public int MaxAttempts { get; set; } = Defaults.MaxAttempts;

    /// <inheritdoc cref="SmtpSenderOptions.MaxMessagesPerSecond"/>
    public double? MaxMessagesPerSecond { get; set; }

    /// <inheritdoc cref="SmtpSenderOptions.IdleTimeout"/>
    public TimeSpan IdleTimeout { get; set; } = Defaults.IdleTimeout;

    /// <inheritdoc cref="SmtpConnectionOptions.AllowPlaintextAuthentication"/>
    public bool AllowPlaintextAuthentication { get; set; }

    /// <inheritdoc cref="SmtpConnectionOptions.UseChunking"/>
    public bool UseChunking { get; set; } = true;

    /// <inheritdoc cref="SmtpConnectionOptions.UsePipelining"/>
    public bool UsePipelining { get; set; } = true;

    /// <summary>The time-outs.</summary>
    public SmtpClientTimeouts Timeouts { get; set; } = new();

    /// <summary>
    /// Has the last word, for what configuration cannot say: tokens, certificates, mechanisms. It gets the options made from
    /// all of the above, and the services.
    /// </summary>
    public Func<SmtpSenderOptions, IServiceProvider, SmtpSenderOptions>? Configure { get; set; }

    // Where in the configuration the options come from, for messages.
    internal string Path { get; set; } = nameof(SmtpHostSenderOptions);

    // What could not be read, told together with what is wrong otherwise.
    internal List<string> Misread { get; } = [];

    /// <exception cref="FormatException">The URL is none.</exception>
    internal SmtpDestination ReadDestination()
    {
        if (User is null) return SmtpDestination.Parse(Url);
        int host = Url.IndexOf("://", StringComparison.Ordinal) + 3;
        // Port and TLS depend on whether there is a user, so it goes where the URL would have it; a Unix socket's has no place for one.
        return host < 3
            ? SmtpDestination.Parse(Url) with { Credential = new PasswordCredential(User, Password ?? "") }
            : SmtpDestination.Parse(Url.Insert(host, $"{Uri.EscapeDataString(User)}:{Uri.EscapeDataString(Password ?? "")}@"));
    }

    internal SmtpSenderOptions ToSenderOptions(SmtpDestination destination) => new(destination)
    {
        Connection = new()
        {
            LocalName = LocalName,
            Proxy = string.IsNullOrEmpty(Proxy) ? null : ClientProxy.Parse(Proxy),
            Timeouts = Timeouts,
            AllowPlaintextAuthentication = AllowPlaintextAuthentication,
            UseChunking = UseChunking,
            UsePipelining = UsePipelining,
        },
        MaxConnections = MaxConnections,
        MaxMessagesPerConnection = MaxMessagesPerConnection,
        MaxQueuedMessages = MaxQueuedMessages,
        MaxAttempts = MaxAttempts,
        MaxMessagesPerSecond = MaxMessagesPerSecond,
        IdleTimeout = IdleTimeout,
    };
}
