using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Ehlo;

/// <summary>
/// What a client says of a message outside its content: where reports go, who is to get it, and what is asked of the extensions
/// (RFC 5321 section 2.3.1).
/// </summary>
/// <remarks>
/// Immutable, so one may be sent many times and from many threads. What is asked of an extension that the server does not offer is either
/// refused before anything is sent or left away; each property says which.
/// </remarks>
public sealed record Envelope
{
    /// <summary>Makes an envelope.</summary>
    /// <param name="reversePath">Where reports go; <see cref="ReversePath.Null"/> for a message that must cause none.</param>
    /// <param name="recipients">Who is to get it: at least one.</param>
    /// <exception cref="ArgumentException">There is no recipient.</exception>
    public Envelope(ReversePath reversePath, IEnumerable<EnvelopeRecipient> recipients)
    {
        ArgumentNullException.ThrowIfNull(reversePath);
        ArgumentNullException.ThrowIfNull(recipients);
        (ReversePath, Recipients) = (reversePath, [.. recipients]);
        if (Recipients.Count == 0) throw new ArgumentException("An envelope has at least one recipient.", nameof(recipients));
    }

    /// <summary>Makes an envelope from addresses without brackets.</summary>
    /// <param name="reversePath">A mailbox, or "" for the null reverse-path.</param>
    /// <param name="recipients">Mailboxes: at least one.</param>
    /// <exception cref="FormatException">One of them is not a mailbox.</exception>
    /// <exception cref="ArgumentException">There is no recipient.</exception>
    public Envelope(string reversePath, params IEnumerable<string> recipients)
        : this(ReadReversePath(reversePath), ReadRecipients(recipients))
    {
    }

    /// <summary>Where reports of the message's fate go.</summary>
    public ReversePath ReversePath { get; init; }

    /// <summary>Who is to get the message, in the order of the RCPT commands.</summary>
    public IReadOnlyList<EnvelopeRecipient> Recipients { get; }

    /// <summary>
    /// Whether header or addresses hold UTF-8. It is found from the addresses and, where the content is in memory, from its header, so it is
    /// to be set only for content that is not. Refused where SMTPUTF8 is not offered (RFC 6531 section 3.2).
    /// </summary>
    public bool RequiresSmtpUtf8 { get; init; }

    /// <summary>
    /// What the content is. <see cref="BodyType.Unspecified"/>: found from content that is in memory, and taken for 8BITMIME otherwise.
    /// <see cref="BodyType.BinaryMime"/> is refused where BINARYMIME is not offered, and 8-bit content where 8BITMIME is not.
    /// </summary>
    public BodyType Body { get; init; }

    /// <summary>RET; left away where DSN is not offered (RFC 3461 section 4.3).</summary>
    public DsnReturn? Return { get; init; }

    /// <summary>ENVID: 1 to 100 printable ASCII characters when encoded; left away where DSN is not offered (RFC 3461 section 4.4).</summary>
    /// <exception cref="ArgumentException">It is longer, empty, or holds another character.</exception>
    public string? EnvelopeId
    {
        get;
        init => field = value is null || IsEnvelopeId(value)
            ? value
            : throw new ArgumentException("ENVID is 1 to 100 characters of printable ASCII.", nameof(value));
    }

    /// <summary>REQUIRETLS; refused where it is not offered (RFC 8689 section 4.2.1).</summary>
    public bool RequireTls { get; init; }

    /// <summary>BY; refused where DELIVERBY is not offered (RFC 2852 section 4).</summary>
    public DeliverBy? DeliverBy { get; init; }

    /// <summary>MT-PRIORITY: -9 to 9; left away where it is not offered (RFC 6710 section 4).</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside its range.</exception>
    public int? MtPriority
    {
        get;
        init => field = value is null or (>= -9 and <= 9) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "-9 to 9.");
    }

    /// <summary>HOLDUNTIL; refused where FUTURERELEASE is not offered (RFC 4865 section 4).</summary>
    public DateTimeOffset? HoldUntil { get; init; }

    /// <summary>AUTH: who first submitted the message; left away where AUTH is not offered (RFC 4954 section 5).</summary>
    public Mailbox? Submitter { get; init; }

    /// <summary>Further MAIL parameters, which are sent as they are whatever the server offers.</summary>
    public ImmutableArray<EsmtpParameter> Parameters { get; init; } = [];

    // RFC 3461 section 5.2: 100 octets at most, in xtext, which takes three for each of "+", "=" and the blank.
    private static bool IsEnvelopeId(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.Sum(c => c is '+' or '=' or ' ' ? 3 : 1) <= 100;

    private static ReversePath ReadReversePath(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? ReversePath.Null : new(Mailbox.Parse(text));
    }

    private static IEnumerable<EnvelopeRecipient> ReadRecipients(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Select(text => new EnvelopeRecipient(new ForwardPath(Mailbox.Parse(text))));
    }
}
