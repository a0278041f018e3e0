using System;
using System.Collections.Immutable;

namespace Ehlo;

/// <summary>A recipient of an <see cref="Envelope"/>, with what is asked for it.</summary>
/// <remarks>Immutable.</remarks>
public sealed record EnvelopeRecipient
{
    /// <summary>Makes a recipient.</summary>
    /// <param name="path">Its forward-path.</param>
    public EnvelopeRecipient(ForwardPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = path;
    }

    /// <summary>Makes a recipient from an address without brackets.</summary>
    /// <param name="mailbox">A mailbox.</param>
    /// <exception cref="FormatException">It is not a mailbox.</exception>
    public EnvelopeRecipient(string mailbox)
        : this(new ForwardPath(Mailbox.Parse(mailbox)))
    {
    }

    /// <summary>The forward-path.</summary>
    public ForwardPath Path { get; }

    /// <summary>NOTIFY; left away where DSN is not offered (RFC 3461 section 4.1).</summary>
    /// <exception cref="ArgumentException"><see cref="Ehlo.Notify.Never"/> does not stand alone, or nothing is asked for.</exception>
    public Notify? Notify
    {
        get;
        init => field = value is null or Ehlo.Notify.Never || (value > Ehlo.Notify.Never && ((int)value & 1) == 0 && (int)value < 16)
            ? value
            : throw new ArgumentException("NOTIFY is NEVER alone, or at least one of the others.", nameof(value));
    }

    /// <summary>ORCPT; left away where DSN is not offered (RFC 3461 section 4.2).</summary>
    public OriginalRecipient? OriginalRecipient { get; init; }

    /// <summary>
    /// RRVS; refused where RRVS is not offered: then the header field Require-Recipient-Valid-Since is the way (RFC 7293 section 3.1).
    /// </summary>
    public OwnedSince? OwnedSince { get; init; }

    /// <summary>Further RCPT parameters, which are sent as they are whatever the server offers.</summary>
    public ImmutableArray<EsmtpParameter> Parameters { get; init; } = [];

    /// <summary>The path with its brackets.</summary>
    public override string ToString() => Path.ToString();
}
