using System.Collections.Generic;
using System.Linq;

namespace Ehlo.Client;

/// <summary>What became of a message, recipient by recipient. A refusal is a result; only a failed connection is an exception.</summary>
public sealed class SendResult
{
    internal SendResult(IReadOnlyList<RecipientResult> recipients) => Recipients = recipients;

    /// <summary>One for each recipient, in the order of the envelope.</summary>
    public IReadOnlyList<RecipientResult> Recipients { get; }

    /// <summary>Whether the message was accepted for every recipient.</summary>
    public bool IsAccepted => Recipients.All(recipient => recipient.IsAccepted);

    /// <summary>Whether it was accepted for at least one.</summary>
    public bool IsAcceptedByAny => Recipients.Any(recipient => recipient.IsAccepted);

    /// <summary>The recipients for whom it was refused.</summary>
    public IEnumerable<RecipientResult> Refused => Recipients.Where(recipient => !recipient.IsAccepted);

    /// <summary>The first refusal or, if there is none, the reply to the content.</summary>
    public Reply Reply => (Refused.FirstOrDefault() ?? Recipients[0]).Reply;

    /// <summary>The reply, and for how many recipients the message was accepted.</summary>
    public override string ToString() => $"{Recipients.Count(recipient => recipient.IsAccepted)} of {Recipients.Count} accepted: {Reply}";
}
