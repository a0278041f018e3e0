namespace Ehlo.Protocol;

/// <summary>
/// XCLIENT, as Postfix defines it. EHLO parameter: the attributes. The command: a trusted peer says for whom it speaks, and everything
/// begins anew as if that client had connected, with a greeting. Offered to trusted peers alone; known outside of transactions.
/// </summary>
internal sealed class XClientExtension : Extension
{
    private static readonly string Names = string.Join(' ', ForwardGrammar.XClientNames);

    public override string Keyword => "XCLIENT";

    public override bool IsOffered(OfferFacts facts) => facts.IsTrustedPeer;

    public override string? EhloParameter(OfferFacts facts) => Names;
}
