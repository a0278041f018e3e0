using System;

namespace Ehlo;

/// <summary>Where failures of a message are reported to: a mailbox, or none (RFC 5321 sections 4.1.1.2 and 4.5.5).</summary>
public sealed class ReversePath : IEquatable<ReversePath>
{
    /// <summary>Makes the path of a mailbox.</summary>
    public ReversePath(Mailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        Mailbox = mailbox;
    }

    private ReversePath()
    {
    }

    /// <summary>The null reverse-path, <c>&lt;&gt;</c>: a message of which no failure is reported.</summary>
    public static ReversePath Null { get; } = new();

    /// <summary>The mailbox; null for <see cref="Null"/>.</summary>
    public Mailbox? Mailbox { get; }

    /// <summary>The path without its brackets; "" for <see cref="Null"/>.</summary>
    public string Address => Mailbox?.ToString() ?? "";

    /// <summary>Whether sending it needs SMTPUTF8.</summary>
    public bool RequiresSmtpUtf8 => Mailbox is { RequiresSmtpUtf8: true };

    /// <summary>The path with its brackets.</summary>
    public override string ToString() => $"<{Address}>";

    /// <summary>Compares the mailboxes.</summary>
    public bool Equals(ReversePath? other) => other is not null && Equals(Mailbox, other.Mailbox);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ReversePath);

    /// <inheritdoc/>
    public override int GetHashCode() => Mailbox?.GetHashCode() ?? 0;
}
