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
    Verify,
    Expand,
    Help,
    Command,
}

/// <summary>A decision with what it is about; of the values, those that its kind names are set.</summary>
internal readonly record struct PendingDecision(
    Decision Kind, Hello? Hello = null, MailTransaction? Mail = null, Recipient? Recipient = null, string Argument = "", string Command = "");
