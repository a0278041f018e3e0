namespace Ehlo.Protocol;

/// <summary>
/// XFORWARD, as Postfix defines it. EHLO parameter: the attributes. The command: a trusted peer says where the next message came from,
/// for logs and filters; it moves nothing else. Offered to trusted peers alone; known between a hello and MAIL.
/// </summary>
internal sealed class XForwardExtension : Extension
{
    private static readonly string Names = string.Join(' ', ForwardGrammar.XForwardNames);

    public override string Keyword => "XFORWARD";

    public override bool IsOffered(OfferFacts facts) => facts.IsTrustedPeer;

    public override string? EhloParameter(OfferFacts facts) => Names;
}
