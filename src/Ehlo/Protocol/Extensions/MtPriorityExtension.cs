using System;
using System.Globalization;

namespace Ehlo.Protocol;

/// <summary>
/// MT-PRIORITY (RFC 6710). EHLO parameter: the name of the profile that says what the numbers mean, nothing for the default one. MAIL
/// parameter MT-PRIORITY=-9 to 9.
/// </summary>
public sealed class MtPriorityExtension : Extension
{
    private readonly string? _profile;

    /// <summary>Makes it.</summary>
    /// <param name="profile">A registered name as <c>MIXER</c>, <c>STANAG4406</c> or <c>NSEP</c>; null for the default profile.</param>
    /// <exception cref="ArgumentException">It is not letters, digits and hyphens (RFC 6710 section 3).</exception>
    public MtPriorityExtension(string? profile = null)
    {
        if (profile is not null && !EsmtpParameter.IsKeyword(System.Text.Encoding.UTF8.GetBytes(profile)))
            throw new ArgumentException("A profile's name is letters, digits and hyphens.", nameof(profile));
        _profile = profile;
    }

    /// <inheritdoc/>
    public override string Keyword => "MT-PRIORITY";

    /// <inheritdoc/>
    public override string? EhloParameter(OfferFacts facts) => _profile;

    /// <inheritdoc/>
    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(mail);
        refusal = null;
        if (parameter.Keyword != "MT-PRIORITY") return false;
        // priority-value = "-" NZDIGIT / "0" / NZDIGIT     RFC 6710 section 6
        bool isNegative = parameter.Value is ['-', >= '1' and <= '9'];
        if (isNegative || parameter.Value is [>= '0' and <= '9'])
            mail.MtPriority = int.Parse(parameter.Value!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        else
            refusal = Malformed(parameter);
        return true;
    }

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        envelope.MtPriority is not null ? ExtensionNeed.Wanted : ExtensionNeed.None;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (envelope.MtPriority is { } priority) command.Parameter("MT-PRIORITY", priority.ToString(CultureInfo.InvariantCulture));
    }
}
