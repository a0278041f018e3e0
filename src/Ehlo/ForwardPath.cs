using System;

namespace Ehlo;

/// <summary>Whom a message is for: a mailbox, or <c>&lt;Postmaster&gt;</c> of this host (RFC 5321 section 4.1.1.3).</summary>
public sealed class ForwardPath : IEquatable<ForwardPath>
{
    /// <summary>Makes the path of a mailbox.</summary>
    public ForwardPath(Mailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        Mailbox = mailbox;
    }

    private ForwardPath()
    {
    }

    /// <summary><c>&lt;Postmaster&gt;</c> without a domain, which every server must take (RFC 5321 section 4.5.1).</summary>
    public static ForwardPath Postmaster { get; } = new();

    /// <summary>The mailbox; null for <see cref="Postmaster"/>.</summary>
    public Mailbox? Mailbox { get; }

    /// <summary>The path without its brackets.</summary>
    public string Address => Mailbox?.ToString() ?? "Postmaster";

    /// <summary>Whether sending it needs SMTPUTF8.</summary>
    public bool RequiresSmtpUtf8 => Mailbox is { RequiresSmtpUtf8: true };

    /// <summary>The path with its brackets.</summary>
    public override string ToString() => $"<{Address}>";

    /// <summary>Compares the mailboxes.</summary>
    public bool Equals(ForwardPath? other) => other is not null && Equals(Mailbox, other.Mailbox);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ForwardPath);

    /// <inheritdoc/>
    public override int GetHashCode() => Mailbox?.GetHashCode() ?? 1;
}
