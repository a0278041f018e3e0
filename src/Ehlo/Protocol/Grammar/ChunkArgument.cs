namespace Ehlo.Protocol;

/// <summary>What the argument of BDAT says.</summary>
/// <param name="Form">Whether it could be read.</param>
/// <param name="Size">The octets that follow the command; 0 if they are unknown.</param>
/// <param name="IsLast">Whether the chunk is the last one; false unless the whole argument is good.</param>
internal readonly record struct ChunkArgument(ChunkArgumentForm Form, long Size, bool IsLast);
