namespace Ehlo.Protocol;

/// <summary>CHUNKING (RFC 3030 section 2). No parameters. The command BDAT is known while it is in force.</summary>
internal sealed class ChunkingExtension : Extension
{
    public override string Keyword => "CHUNKING";
}
