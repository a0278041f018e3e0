using System;

namespace Ehlo;

/// <summary>
/// Where a message is to go, as given by RCPT: a mailbox, or <c>&lt;Postmaster&gt;</c> without a domain, which every server must
/// accept (RFC 5321 section 4.1.1.3, RFC 5321 section 4.5.1).
/// </summary>
/// <remarks>Immutable. Two are equal if both are <see cref="Postmaster"/>, or their mailboxes are equal.</remarks>
public sealed record ForwardPath
{
    private ForwardPath()
    {
    }

    /// <summary>The forward-path that names a mailbox.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mailbox"/> is null.</exception>
    public ForwardPath(Mailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        Mailbox = mailbox;
    }

    /// <summary>The postmaster of the server itself, <c>&lt;Postmaster&gt;</c>.</summary>
    public static ForwardPath Postmaster { get; } = new();

    /// <summary>The mailbox, or null for <see cref="Postmaster"/>.</summary>
    public Mailbox? Mailbox { get; }

    /// <summary>Whether this is <see cref="Postmaster"/>, without a domain.</summary>
    public bool IsPostmaster => Mailbox is null;

    /// <summary>The address without brackets; <c>Postmaster</c> for <see cref="Postmaster"/>.</summary>
    public string Address => Mailbox?.ToString() ?? "Postmaster";

    /// <summary>Whether it holds other characters than ASCII, so that it can be sent only with SMTPUTF8.</summary>
    public bool RequiresSmtpUtf8 => Mailbox is { RequiresSmtpUtf8: true };

    /// <summary>The path in its brackets, as it is sent.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"<{Address}>";
}
