namespace Ehlo.Protocol;

/// <summary>STARTTLS (RFC 3207). No parameters. Offered, and the command known, until TLS is on.</summary>
internal sealed class StartTlsExtension : Extension
{
    public override string Keyword => "STARTTLS";

    public override bool IsOffered(OfferFacts facts) => !facts.IsSecure;
}
