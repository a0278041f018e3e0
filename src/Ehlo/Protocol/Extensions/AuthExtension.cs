using System;
using System.Linq;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>
/// AUTH (RFC 4954). EHLO parameter: the mechanisms that can succeed now; offered while there is one, also to a client that is
/// authenticated, whose further AUTH is 503. MAIL parameter AUTH=xtext, who first submitted the message: it is kept as a claim and
/// believed by nothing here.
/// </summary>
internal sealed class AuthExtension : Extension
{
    public override string Keyword => "AUTH";

    public override bool IsOffered(OfferFacts facts) => facts.HasMechanism();

    public override string? EhloParameter(OfferFacts facts) => string.Join(' ', facts.Mechanisms.Select(mechanism => mechanism.Name));

    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        refusal = null;
        if (parameter.Keyword != "AUTH") return false;
        // xtext of a mailbox, or "<>" (RFC 4954 section 5)
        if (!XtextGrammar.TryDecode(parameter.Value ?? "", out byte[]? octets)) refusal = Replies.ParameterMalformed(parameter.Keyword);
        else if (octets.AsSpan().SequenceEqual("<>"u8)) mail.Submitter = "";
        else if (Mailbox.TryParse(octets, allowUtf8: true, out Mailbox? mailbox)) mail.Submitter = mailbox.ToString();
        else refusal = Replies.ParameterMalformed(parameter.Keyword);
        return true;
    }

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        envelope.Submitter is not null ? ExtensionNeed.Wanted : ExtensionNeed.None;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (envelope.Submitter is { } mailbox) command.Parameter("AUTH", XtextGrammar.Encode(Encoding.UTF8.GetBytes(mailbox.ToString())));
    }
}
