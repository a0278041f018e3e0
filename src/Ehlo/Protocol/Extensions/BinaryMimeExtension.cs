namespace Ehlo.Protocol;

/// <summary>
/// BINARYMIME (RFC 3030 section 3). No EHLO parameter; offered only with CHUNKING, which it needs. It adds the value BINARYMIME to
/// MAIL's BODY parameter; such content has no lines, so a CR or LF alone is no fault in it, and DATA cannot carry it.
/// </summary>
internal sealed class BinaryMimeExtension : Extension
{
    public override string Keyword => "BINARYMIME";

    public override string? Needs => "CHUNKING";

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        content.Body is BodyType.BinaryMime ? ExtensionNeed.Needed : ExtensionNeed.None;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (content.Body is BodyType.BinaryMime) command.Parameter("BODY", "BINARYMIME");
    }
}
