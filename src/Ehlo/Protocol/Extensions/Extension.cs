namespace Ehlo.Protocol;

/// <summary>
/// A service extension (RFC 5321 section 2.2), one file each: its keyword, its EHLO parameter, its MAIL and RCPT parameters, when it
/// is offered, and what it changes. The objects hold no state of a session.
/// </summary>
internal abstract class Extension
{
    /// <summary>The EHLO keyword, in upper case.</summary>
    public abstract string Keyword { get; }

    /// <summary>Whether EHLO lists it now.</summary>
    public virtual bool IsOffered(in OfferFacts facts) => true;

    /// <summary>What follows the keyword in the EHLO reply, or null for nothing.</summary>
    public virtual string? EhloParameter(in OfferFacts facts) => null;

    /// <summary>Takes a MAIL parameter, if it is one of this extension's.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="mail">Where its value goes.</param>
    /// <param name="inForce">The extensions in force.</param>
    /// <param name="refusal">The reply to a bad value, else null.</param>
    /// <returns>False if the parameter is not of this extension.</returns>
    public virtual bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        refusal = null;
        return false;
    }

    /// <summary>Takes a RCPT parameter, if it is one of this extension's.</summary>
    /// <returns>False if the parameter is not of this extension.</returns>
    public virtual bool TryReadRcpt(EsmtpParameter parameter, RcptParameters rcpt, out Reply? refusal)
    {
        refusal = null;
        return false;
    }
}
