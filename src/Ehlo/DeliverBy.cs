namespace Ehlo;

/// <summary>When a message is to be delivered (RFC 2852 section 4).</summary>
/// <param name="Seconds">From the MAIL command on; zero or less, where the time is over and it is not to be returned. Nine digits at most.</param>
/// <param name="IsReturn">Whether it is to be returned when the time is over; otherwise a report is sent and delivery goes on.</param>
/// <param name="IsTraced">Whether a report is wanted where the message goes to a server without the extension.</param>
public sealed record DeliverBy(int Seconds, bool IsReturn, bool IsTraced);
