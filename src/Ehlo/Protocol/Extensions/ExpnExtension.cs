namespace Ehlo.Protocol;

/// <summary>
/// EXPN: no EHLO parameter, no MAIL or RCPT parameters. A server that answers EXPN must list it in the reply to EHLO (RFC 5321 section 3.5.2),
/// so add this where the session class overrides <c>OnExpandAsync</c>. It changes nothing else: the command is handed on in any case.
/// </summary>
/// <remarks>VRFY and HELP are not listed: every server has them, and no client needs to look (RFC 5321 section 3.5.2).</remarks>
public sealed class ExpnExtension : Extension
{
    /// <inheritdoc/>
    public override string Keyword => "EXPN";
}
