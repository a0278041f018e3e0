namespace Ehlo.Interop.Tests.Foreign;

/// <summary>How the client sends.</summary>
public enum Way
{
    /// <summary>Verb by verb on an SmtpConnection, each reply awaited.</summary>
    Lockstep,

    /// <summary>Message by message on an SmtpConnection, which groups the commands of one.</summary>
    Grouped,

    /// <summary>An SmtpSender, whose content goes by DATA: the next envelope goes with the content.</summary>
    SenderByData,

    /// <summary>An SmtpSender as it is: many messages at once, where the server offers CHUNKING.</summary>
    Sender,
}
