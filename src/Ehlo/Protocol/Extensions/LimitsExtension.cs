using System;
using System.Globalization;

namespace Ehlo.Protocol;

/// <summary>
/// LIMITS (RFC 9422). EHLO parameter: RCPTMAX, the most recipients of a message, which are enforced in any case; offered while there is a
/// limit. No MAIL or RCPT parameters.
/// </summary>
public sealed class LimitsExtension : Extension
{
    // A value of RCPTMAX is %x31-39 0*5DIGIT (RFC 9422 section 4.2). A greater limit is offered as this, and enforced as it is.
    private const int MaxValue = 999_999;

    /// <inheritdoc/>
    public override string Keyword => "LIMITS";

    /// <inheritdoc/>
    public override bool IsOffered(OfferFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.MaxRecipients > 0;
    }

    /// <inheritdoc/>
    public override string? EhloParameter(OfferFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return string.Create(CultureInfo.InvariantCulture, $"RCPTMAX={Math.Min(facts.MaxRecipients, MaxValue)}");
    }
}
