using System;

namespace Ehlo;

/// <summary>
/// Where reports of a message's fate go, as given by MAIL: a mailbox, or the null reverse-path <c>&lt;&gt;</c> of messages that must
/// cause no report (RFC 5321 section 4.1.1.2, RFC 5321 section 4.5.5).
/// </summary>
/// <remarks>Immutable. Two are equal if both are null, or their mailboxes are equal.</remarks>
public sealed record ReversePath
{
    private ReversePath()
    {
    }

    /// <summary>The reverse-path that names a mailbox.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mailbox"/> is null.</exception>
    public ReversePath(Mailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        Mailbox = mailbox;
    }

    /// <summary>The null reverse-path, <c>&lt;&gt;</c>.</summary>
    public static ReversePath Null { get; } = new();

    /// <summary>The mailbox, or null for <see cref="Null"/>.</summary>
    public Mailbox? Mailbox { get; }

    /// <summary>Whether this is the null reverse-path.</summary>
    public bool IsNull => Mailbox is null;

    /// <summary>The address without brackets; empty for <see cref="Null"/>.</summary>
    public string Address => Mailbox?.ToString() ?? "";

    /// <summary>Whether it holds other characters than ASCII, so that it can be sent only with SMTPUTF8.</summary>
    public bool RequiresSmtpUtf8 => Mailbox is { RequiresSmtpUtf8: true };

    /// <summary>The path in its brackets, as it is sent.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"<{Address}>";
}
