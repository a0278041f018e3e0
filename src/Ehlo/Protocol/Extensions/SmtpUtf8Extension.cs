namespace Ehlo.Protocol;

/// <summary>
/// SMTPUTF8 (RFC 6531). No EHLO parameter. MAIL parameter SMTPUTF8, without a value: paths of this transaction may hold UTF-8. Without
/// it a path that does is refused with 553 5.6.7 (RFC 6531 section 3.5).
/// </summary>
internal sealed class SmtpUtf8Extension : Extension
{
    public override string Keyword => "SMTPUTF8";

    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        refusal = null;
        if (parameter.Keyword != "SMTPUTF8") return false;
        if (parameter.Value is null) mail.SmtpUtf8 = true;
        else refusal = Replies.ParameterMalformed(parameter.Keyword);
        return true;
    }

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        IsNeeded(envelope, content) ? ExtensionNeed.Needed : ExtensionNeed.None;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (IsNeeded(envelope, content)) command.Parameter("SMTPUTF8", null);
    }

    // RFC 6531 section 3.4: only where it is needed, since it bars the way to servers without it.
    private static bool IsNeeded(Envelope envelope, in ContentTraits content)
    {
        if (envelope.RequiresSmtpUtf8 || content.RequiresSmtpUtf8 || envelope.ReversePath.RequiresSmtpUtf8) return true;
        foreach (EnvelopeRecipient recipient in envelope.Recipients)
        {
            if (recipient.Path.RequiresSmtpUtf8) return true;
        }
        return false;
    }
}
