namespace Ehlo.Client;

/// <summary>A part of a mail transaction: which command a reply answers.</summary>
public enum TransactionStep
{
    /// <summary>None: nobody was asked.</summary>
    None,

    /// <summary>MAIL.</summary>
    Mail,

    /// <summary>RCPT.</summary>
    Rcpt,

    /// <summary>DATA.</summary>
    Data,

    /// <summary>The content behind DATA, or a chunk of it.</summary>
    Content,
}
