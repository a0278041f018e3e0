namespace Ehlo.Protocol;

/// <summary>How far the argument of BDAT could be read.</summary>
internal enum ChunkArgumentForm : byte
{
    /// <summary>How many octets follow is unknown, so that the next command cannot be found.</summary>
    Unreadable,

    /// <summary>The size is known and what follows it is bad: the chunk must be consumed before it is refused.</summary>
    SizeOnly,

    /// <summary>All of it is good.</summary>
    Good,
}
