namespace Ehlo.Client;

/// <summary>What became of a message for one recipient.</summary>
/// <param name="Recipient">The recipient, as in the envelope.</param>
/// <param name="Reply">
/// The reply that decided: that to the content if it was accepted, and else the first refusal, of MAIL, RCPT, DATA or the content.
/// </param>
/// <param name="IsLocal">
/// Whether nobody was asked, as the client saw beforehand that the message cannot be sent so; the reply is then what a server would say.
/// </param>
public sealed record RecipientResult(EnvelopeRecipient Recipient, Reply Reply, bool IsLocal = false)
{
    /// <summary>What <see cref="Reply"/> answers; <see cref="TransactionStep.None"/> where nobody was asked.</summary>
    public TransactionStep Step { get; init; }

    /// <summary>Whether the server has taken the message for this recipient, and with it the duty to deliver or report.</summary>
    public bool IsAccepted => Reply.Code is >= 200 and < 300;

    /// <summary>As <c>&lt;pat@example.org&gt;: 250 2.1.5 OK</c>.</summary>
    public override string ToString() => $"{Recipient}: {Reply}";
}
