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

/// <summary>A decision with what it is about; of the values, those that its kind names are set.</summary>
internal readonly record struct PendingDecision(
    Decision Kind, Hello? Hello = null, MailTransaction? Mail = null, Recipient? Recipient = null, string Argument = "", string Command = "")
{
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
