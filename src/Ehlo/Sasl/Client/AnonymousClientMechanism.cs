namespace Ehlo.Sasl;

/// <summary>ANONYMOUS (RFC 4505), from the client's side.</summary>
public sealed class AnonymousClientMechanism : SaslClientMechanism
{
    /// <inheritdoc/>
    public override string Name => "ANONYMOUS";

    /// <inheritdoc/>
    public override bool Accepts(SaslCredential credential, SaslClientContext context) => credential is AnonymousCredential;

    /// <inheritdoc/>
    public override SaslClientExchange Start(SaslCredential credential, SaslClientContext context) => new OneResponseExchange(Message(credential));

    // message = [ email / token ] (RFC 4505 section 2)
    private static SaslClientStep Message(SaslCredential credential)
    {
        if (credential is not AnonymousCredential anonymous) return SaslClientStep.Fail(ClientReasons.Credential);
        return Names.Octets(anonymous.Trace) is { } trace && AnonymousMechanism.IsTrace(trace)
            ? SaslClientStep.Response(trace)
            : SaslClientStep.Fail("The trace is no address, too long, or holds what it cannot.");
    }
}
