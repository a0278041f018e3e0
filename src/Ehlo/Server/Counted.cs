namespace Ehlo.Server;

/// <summary>How a connection is counted.</summary>
internal enum Counted : byte
{
    /// <summary>Not at all: it came in by other means than a listener.</summary>
    Not,

    /// <summary>Among all, and for no address: its proxy has not said whose it is.</summary>
    OfNobody,

    /// <summary>Among all and for its peer's address.</summary>
    OfPeer,
}
