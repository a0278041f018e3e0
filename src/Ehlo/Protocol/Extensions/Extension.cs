using System.Collections.Generic;

namespace Ehlo.Protocol;

/// <summary>
/// A service extension (RFC 5321 section 2.2), one file each: its keyword, its EHLO parameter, its MAIL and RCPT parameters, its commands,
/// when it is offered, and what it changes. Derive from it for an extension of one's own, and give it to the server's options.
/// </summary>
/// <remarks>
/// An object holds no state of a session: one serves all, and several threads at once. What a method throws is reported to the server's
/// observer; the command is answered 451 and changes nothing.
/// </remarks>
public abstract class Extension
{
    /// <summary>The EHLO keyword, in upper case: letters, digits and hyphens.</summary>
    public abstract string Keyword { get; }

    /// <summary>
    /// The commands that it adds, in upper case; none. One that the session knows already stays what it is. See
    /// <c>SmtpSession.OnCommandAsync</c>.
    /// </summary>
    public virtual IReadOnlyList<string> Verbs => [];

    /// <summary>The keyword of an extension without which this one is not offered either; null for none.</summary>
    public virtual string? Needs => null;

    /// <summary>Whether EHLO lists it now. What it does not list is not in force.</summary>
    public virtual bool IsOffered(OfferFacts facts) => true;

    /// <summary>What follows the keyword in the EHLO reply, printable ASCII, or null for nothing.</summary>
    public virtual string? EhloParameter(OfferFacts facts) => null;

    /// <summary>Takes a MAIL parameter, if it is one of this extension's.</summary>
    /// <param name="parameter">The parameter. It is given once only: a repeated one was refused with 501.</param>
    /// <param name="mail">Where its value goes, by <see cref="MailParameters.Set{T}"/>.</param>
    /// <param name="inForce">The extensions in force.</param>
    /// <param name="refusal">The reply to a bad value, as 501 5.5.4; else null.</param>
    /// <returns>False if the parameter is not of this extension. What is of none is refused with 555.</returns>
    public virtual bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        refusal = null;
        return false;
    }

    /// <summary>Takes a RCPT parameter, if it is one of this extension's.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="rcpt">Where its value goes, by <see cref="RcptParameters.Set{T}"/>.</param>
    /// <param name="inForce">The extensions in force.</param>
    /// <param name="refusal">The reply to a bad value, else null.</param>
    /// <returns>False if the parameter is not of this extension.</returns>
    public virtual bool TryReadRcpt(EsmtpParameter parameter, RcptParameters rcpt, ExtensionSet inForce, out Reply? refusal)
    {
        refusal = null;
        return false;
    }

    /// <summary>What an envelope that a client is to send wants of this extension.</summary>
    internal virtual ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) => ExtensionNeed.None;

    /// <summary>Writes what the envelope wants into MAIL; called where the server offers the extension.</summary>
    internal virtual void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
    }

    /// <summary>501 5.5.4: the parameter's value is not what the extension's grammar has.</summary>
    protected static Reply Malformed(EsmtpParameter parameter)
    {
        System.ArgumentNullException.ThrowIfNull(parameter);
        return Replies.ParameterMalformed(parameter.Keyword);
    }
}
