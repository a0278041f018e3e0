namespace Ehlo.Protocol;

/// <summary>
/// BINARYMIME (RFC 3030 section 3). No EHLO parameter; offered only with CHUNKING, which it needs. It adds the value BINARYMIME to
/// MAIL's BODY parameter; such content has no lines, so a CR or LF alone is no fault in it, and DATA cannot carry it.
/// </summary>
internal sealed class BinaryMimeExtension : Extension
{
    public override string Keyword => "BINARYMIME";

    public override string? Needs => "CHUNKING";
}
