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
}
