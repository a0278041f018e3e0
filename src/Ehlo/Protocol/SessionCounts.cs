namespace Ehlo.Protocol;

/// <summary>What a session counts for its limits. None of it is ever forgotten: neither RSET nor a hello nor TLS begins anew.</summary>
internal struct SessionCounts
{
    public int Errors { get; set; }

    public int Commands { get; set; }

    public int AuthenticationFailures { get; set; }

    public int RefusedRecipients { get; set; }

    public readonly bool HasTooManyErrors(ServerSessionOptions options) => options.MaxErrors > 0 && Errors >= options.MaxErrors;

    public readonly bool HasTooManyCommands(ServerSessionOptions options) => options.MaxCommands > 0 && Commands > options.MaxCommands;

    public readonly bool HasTooManyAuthenticationFailures(ServerSessionOptions options) =>
        options.MaxAuthenticationFailures > 0 && AuthenticationFailures >= options.MaxAuthenticationFailures;

    /// <summary>
    /// Whether this is one recipient too many that the session class refused for good: whoever collects addresses tries them. What waits
    /// for a better time (4yz) tells nothing, and what the session itself cannot read is an error.
    /// </summary>
    public bool IsHarvest(Decision decision, Reply reply, ServerSessionOptions options) =>
        decision is Decision.Rcpt && reply.IsPermanent && ++RefusedRecipients > options.MaxRefusedRecipients && options.MaxRefusedRecipients > 0;

    // 552 and 553 are about one message or address: the client may rightly go on with the next. 451 is a fault of this side.
    public void AddError(Reply reply) => Errors += reply.Code is 451 or 552 or 553 ? 0 : 1;
}
