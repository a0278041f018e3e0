using System;
using System.Text;

namespace Ehlo.Sasl;

/// <summary>EXTERNAL (RFC 4422 section A): who the client is, its TLS certificate says. Offered where it has shown one.</summary>
public sealed class ExternalMechanism : SaslMechanism
{
    /// <inheritdoc/>
    public override string Name => "EXTERNAL";

    /// <inheritdoc/>
    public override AuthenticationKinds Requires => AuthenticationKinds.Certificate;

    /// <inheritdoc/>
    public override bool IsPlaintext => false;

    /// <inheritdoc/>
    public override bool IsAvailable(SaslContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return !context.ClientCertificate.IsEmpty;
    }

    /// <inheritdoc/>
    public override SaslExchange Begin(SaslContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new Exchange(context.ClientCertificate);
    }

    private sealed class Exchange(ReadOnlyMemory<byte> certificate) : SaslExchange
    {
        // initial-response = *( UTF8-char-no-nul ): the authorization identity, or nothing (RFC 4422 section A.1)
        public override SaslStep Respond(ReadOnlySpan<byte> response)
        {
            if (response.IsEmpty) return SaslStep.Ask(new CertificateRequest("EXTERNAL", certificate));
            return Names.IsName(response)
                ? SaslStep.Ask(new CertificateRequest("EXTERNAL", certificate, Encoding.UTF8.GetString(response)))
                : SaslStep.Malformed();
        }
    }
}
