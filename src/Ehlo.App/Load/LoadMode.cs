namespace Ehlo.App.Load;

/// <summary>How <c>ehlo load</c> sends a message.</summary>
internal enum LoadMode
{
    /// <summary>Each command waits for its reply: MAIL | RCPT | DATA | content.</summary>
    Lockstep,

    /// <summary>By DATA, the envelope of a message behind the content of the one before it: content MAIL RCPT DATA | ...</summary>
    Pipelined,

    /// <summary>Whole messages at once: MAIL RCPT BDAT content.</summary>
    Bdat,
}
