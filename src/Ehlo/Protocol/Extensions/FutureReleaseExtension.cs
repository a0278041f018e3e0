using System;
using System.Globalization;

namespace Ehlo.Protocol;

/// <summary>
/// FUTURERELEASE (RFC 4865), offered on listeners for submission. EHLO parameters: the greatest seconds that a message is held, and the
/// time that is then. MAIL parameter HOLDFOR=seconds or HOLDUNTIL=date-time, not both. Whoever accepts it holds the message; the library
/// does not.
/// </summary>
public sealed class FutureReleaseExtension : Extension
{
    private readonly int _mostSeconds;

    /// <summary>Makes it.</summary>
    /// <param name="mostSeconds">The greatest time that a message is held: 1 to 999,999,999 seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside its range.</exception>
    public FutureReleaseExtension(int mostSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostSeconds, 999_999_999);
        _mostSeconds = mostSeconds;
    }

    /// <inheritdoc/>
    public override string Keyword => "FUTURERELEASE";

    // RFC 4865 section 1: it extends submission. Between servers a message is held by the one that took it first.
    /// <inheritdoc/>
    public override bool IsOffered(OfferFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.IsSubmission;
    }

    // ehlo-param = future-release-interval SP future-release-date-time     RFC 4865 section 3
    /// <inheritdoc/>
    public override string? EhloParameter(OfferFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return string.Create(
            CultureInfo.InvariantCulture, $"{_mostSeconds} {DateTimeGrammar.Format(facts.Now().AddSeconds(_mostSeconds))}");
    }

    /// <inheritdoc/>
    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(mail);
        ArgumentNullException.ThrowIfNull(inForce);
        refusal = null;
        if (parameter.Keyword is not ("HOLDFOR" or "HOLDUNTIL")) return false;
        DateTimeOffset now = inForce.Now();
        // RFC 4865 section 4: both together are refused, as is a time beyond the greatest one. One that has passed holds nothing up.
        DateTimeOffset? until = null;
        if (parameter.Keyword == "HOLDUNTIL")
            until = DateTimeGrammar.TryParse(parameter.Value ?? "", out DateTimeOffset time) ? time : null;
        else if (parameter.Value is { Length: > 0 and <= 9 } digits
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
            until = now.AddSeconds(seconds);
        if (until is null || mail.HoldUntil is not null || until > now.AddSeconds(_mostSeconds)) refusal = Malformed(parameter);
        else mail.HoldUntil = until;
        return true;
    }

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        envelope.HoldUntil is not null ? ExtensionNeed.Needed : ExtensionNeed.None;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (envelope.HoldUntil is { } time) command.Parameter("HOLDUNTIL", DateTimeGrammar.Format(time));
    }
}
