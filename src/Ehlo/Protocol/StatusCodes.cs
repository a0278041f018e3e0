namespace Ehlo.Protocol;

/// <summary>Which enhanced status code goes with a reply that names none.</summary>
internal static class StatusCodes
{
    private static readonly EnhancedStatusCode OtherAddress = new(2, 1, 0);
    private static readonly EnhancedStatusCode ValidDestination = new(2, 1, 5);
    private static readonly EnhancedStatusCode Media = new(2, 6, 0);
    private static readonly EnhancedStatusCode Success = new(2, 0, 0);

    public static EnhancedStatusCode For(Reply reply, Decision decision)
    {
        // RFC 2034 section 4: the greeting, 3yz and the answers to a hello have none.
        if (decision is Decision.Hello or Decision.Connect || reply.Severity is ReplySeverity.PositiveIntermediate) return default;
        if (reply.Status.Class != 0) return reply.Status;
        if (!reply.IsPositive) return new(reply.Code / 100, Subject(reply, decision), 0);
        return decision switch
        {
            Decision.Mail => OtherAddress,
            Decision.Rcpt => ValidDestination,
            Decision.Data => Media,
            _ => Success,
        };
    }

    // X.1.Z is about addresses and X.5.Z about the protocol (RFC 3463 section 3), as are x0z replies (RFC 5321 section 4.2.1).
    private static int Subject(Reply reply, Decision decision) => decision switch
    {
        _ when reply.Code % 100 < 10 => 5,
        Decision.Mail or Decision.Rcpt or Decision.Verify or Decision.Expand => 1,
        _ => 0,
    };
}
