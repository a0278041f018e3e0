namespace Ehlo.Protocol;

/// <summary>What <see cref="ClientSession.Read"/> found.</summary>
internal enum ClientStep : byte
{
    /// <summary>More octets are needed.</summary>
    NeedInput,

    /// <summary>A reply came: <see cref="ClientSession.Answered"/> and <see cref="ClientSession.Reply"/> say to what, and which.</summary>
    Reply,

    /// <summary>The server did not keep to the protocol; <see cref="ClientSession.Fault"/> says how. The session is closed.</summary>
    Fault,
}
