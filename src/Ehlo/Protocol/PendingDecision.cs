namespace Ehlo.Protocol;

/// <summary>What the session class is asked.</summary>
internal enum Decision : byte
{
    None,
    Connect,
    Hello,
    Mail,
    Rcpt,
    Data,
    StartTls,
    Verify,
    Expand,
    Help,
    Command,
}

/// <summary>A decision with what it is about.</summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Subject">A <see cref="Ehlo.Hello"/>, <see cref="MailTransaction"/>, <see cref="Ehlo.Recipient"/>, the text behind a verb or an
/// <see cref="Protocol.OwnCommand"/>; of each kind its own. Every session has room for one of these, and none has two.</param>
internal readonly record struct PendingDecision(Decision Kind, object? Subject = null)
{
    public Hello Hello => (Hello)Subject!;

    public MailTransaction Mail => (MailTransaction)Subject!;

    public Recipient Recipient => (Recipient)Subject!;

    public string Argument => (string)Subject!;

    public OwnCommand Command => (OwnCommand)Subject!;

    /// <summary>
    /// Whether the reply is of a class that answers such a decision: 2yz, 4yz or 5yz, where of 2yz a greeting and STARTTLS have 220 alone.
    /// </summary>
    public static bool CanAnswer(Decision kind, Reply reply) => kind switch
    {
        Decision.Connect => reply.Code is 220 or 421 or 521 or 554,
        Decision.StartTls when reply.IsPositive => reply.Code is 220,
        _ => reply.Severity is ReplySeverity.PositiveCompletion or ReplySeverity.TransientNegative or ReplySeverity.PermanentNegative,
    };
}

/// <summary>A command that an extension adds.</summary>
internal sealed record OwnCommand(string Verb, string Argument);
