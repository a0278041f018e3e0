namespace Ehlo.Server;

/// <summary>What a connection waits for, which says how long it may.</summary>
internal enum InputWait : byte
{
    /// <summary>A command, or more of one, within a transaction.</summary>
    Command,

    /// <summary>A command while no transaction is open, so that a server that stops may end the connection now.</summary>
    BetweenTransactions,

    /// <summary>Content.</summary>
    Content,
}
