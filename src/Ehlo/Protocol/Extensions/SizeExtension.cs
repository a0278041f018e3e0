using System.Globalization;
using System.Linq;

namespace Ehlo.Protocol;

/// <summary>
/// SIZE (RFC 1870). EHLO parameter: the greatest message in octets, 0 for no limit. MAIL parameter SIZE=1*20DIGIT: a message declared
/// too large is refused at once. The limit holds for what really comes, whatever was declared.
/// </summary>
internal sealed class SizeExtension(long maxMessageOctets) : Extension
{
    public override string Keyword => "SIZE";

    public override string? EhloParameter(OfferFacts facts) => maxMessageOctets.ToString(CultureInfo.InvariantCulture);

    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        refusal = null;
        if (parameter.Keyword != "SIZE") return false;
        // size-value = 1*20DIGIT (RFC 1870 section 3)
        if (parameter.Value is not { Length: > 0 and <= 20 } digits || !digits.All(char.IsAsciiDigit))
        {
            refusal = Replies.ParameterMalformed(parameter.Keyword);
            return true;
        }
        mail.Size = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : long.MaxValue;
        if (maxMessageOctets > 0 && mail.Size > maxMessageOctets) refusal = Replies.TooLarge;
        return true;
    }

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        content.Octets is not null ? ExtensionNeed.Wanted : ExtensionNeed.None;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (content.Octets is { } octets) command.Parameter("SIZE", octets.ToString(CultureInfo.InvariantCulture));
    }
}
