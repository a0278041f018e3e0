using System;

namespace Ehlo.Protocol;

/// <summary>
/// REQUIRETLS (RFC 8689). No EHLO parameter; offered under TLS only. MAIL parameter REQUIRETLS, without a value: the message may go on over
/// TLS only, to servers that promise the same. Whoever accepts it has to keep the promise; a class that cannot refuses with 550 5.7.30.
/// </summary>
public sealed class RequireTlsExtension : Extension
{
    /// <inheritdoc/>
    public override string Keyword => "REQUIRETLS";

    /// <inheritdoc/>
    public override bool IsOffered(OfferFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.IsSecure;
    }

    /// <inheritdoc/>
    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(mail);
        refusal = null;
        if (parameter.Keyword != "REQUIRETLS") return false;
        if (parameter.Value is null) mail.RequireTls = true;
        else refusal = Malformed(parameter);
        return true;
    }

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        envelope.RequireTls ? ExtensionNeed.Needed : ExtensionNeed.None;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (envelope.RequireTls) command.Parameter("REQUIRETLS", null);
    }
}
