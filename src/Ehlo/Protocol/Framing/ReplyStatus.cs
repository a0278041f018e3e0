namespace Ehlo.Protocol;

/// <summary>What a <see cref="ReplyReader"/> found.</summary>
internal enum ReplyStatus : byte
{
    /// <summary>More octets are needed.</summary>
    NeedInput,

    /// <summary>A whole reply.</summary>
    Complete,

    /// <summary>No reply; <see cref="ReplyReader.Fault"/> says why.</summary>
    Malformed,
}
