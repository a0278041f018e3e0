using System;
using System.Globalization;

namespace Ehlo.Protocol;

/// <summary>
/// DELIVERBY (RFC 2852). EHLO parameter: the least seconds that may be asked for, nothing for none. MAIL parameter BY=seconds;N or R, with T
/// for a trace: delivered by then, or reported (N) or returned (R).
/// </summary>
public sealed class DeliverByExtension : Extension
{
    private readonly int _leastSeconds;

    /// <summary>Makes it.</summary>
    /// <param name="leastSeconds">The least that <c>R</c> may ask for: 0, for no limit, to 999,999,999.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside its range.</exception>
    public DeliverByExtension(int leastSeconds = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leastSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leastSeconds, 999_999_999);
        _leastSeconds = leastSeconds;
    }

    /// <inheritdoc/>
    public override string Keyword => "DELIVERBY";

    /// <inheritdoc/>
    public override string? EhloParameter(OfferFacts facts) => _leastSeconds == 0 ? null : _leastSeconds.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(mail);
        refusal = null;
        if (parameter.Keyword != "BY") return false;
        mail.DeliverBy = Parse(parameter.Value);
        // RFC 2852 section 4: of R, a time that is not above zero is a fault, and one below the least is too.
        bool isGood = mail.DeliverBy is { } by && (!by.IsReturn || (by.Seconds > 0 && by.Seconds >= _leastSeconds));
        if (!isGood) refusal = Malformed(parameter);
        return true;
    }

    // by-value  = by-time";"by-mode[by-trace]; by-time = ["-" / "+"]1*9digit; by-mode = "N" / "R"; by-trace = "T"     RFC 2852 section 4
    private static DeliverBy? Parse(string? value)
    {
        if (value?.Split(';') is not [var time, var mode]) return null;
        string digits = time.Length > 0 && time[0] is '-' or '+' ? time[1..] : time;
        if (digits.Length is 0 or > 9 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)) return null;
        string upper = mode.ToUpperInvariant();
        return upper is "N" or "R" or "NT" or "RT"
            ? new DeliverBy(time[0] == '-' ? -seconds : seconds, upper[0] == 'R', upper.Length == 2)
            : null;
    }

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        envelope.DeliverBy is not null ? ExtensionNeed.Needed : ExtensionNeed.None;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (envelope.DeliverBy is not { } by) return;
        string mode = (by.IsReturn, by.IsTraced) switch { (true, true) => "RT", (true, false) => "R", (false, true) => "NT", _ => "N" };
        command.Parameter("BY", string.Create(CultureInfo.InvariantCulture, $"{by.Seconds};{mode}"));
    }
}
