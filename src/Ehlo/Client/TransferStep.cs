namespace Ehlo.Client;

/// <summary>What is written next of a <see cref="MessageTransfer"/>.</summary>
internal enum TransferStep : byte
{
    /// <summary>RSET where it is due, else MAIL.</summary>
    Begin,

    /// <summary>MAIL.</summary>
    Mail,

    /// <summary>The next RCPT, or what follows the last.</summary>
    Rcpt,

    /// <summary>The content behind DATA, when 354 has come.</summary>
    GoAhead,

    /// <summary>Chunks, when the envelope is answered.</summary>
    Chunks,

    /// <summary>Nothing: all of it was written.</summary>
    Nothing,
}
