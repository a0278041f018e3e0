using System;
using System.Collections.Generic;
using Ehlo.Protocol;

namespace Ehlo.Tests.Support;

/// <summary>An extension as a user of the library writes one: a parameter of MAIL and of RCPT with a typed value, and a command.</summary>
internal sealed class ColourExtension : Extension
{
    /// <summary>The value, of a type of its own.</summary>
    internal sealed record Colour(string Name);

    public override string Keyword => "X-COLOUR";

    public override IReadOnlyList<string> Verbs => ["XCOLOUR"];

    public override bool IsOffered(OfferFacts facts) => facts.Identity?.Name != "blind";

    /// <summary>Throws for a client who is clumsy.</summary>
    public override string? EhloParameter(OfferFacts facts) =>
        facts.Identity?.Name == "clumsy" ? throw new InvalidOperationException("No colours today: a secret of this side.") : "RED BLUE";

    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        bool isMine = TryRead(parameter, out Colour? colour, out refusal);
        if (colour is not null) mail.Set(colour);
        return isMine;
    }

    public override bool TryReadRcpt(EsmtpParameter parameter, RcptParameters rcpt, ExtensionSet inForce, out Reply? refusal)
    {
        bool isMine = TryRead(parameter, out Colour? colour, out refusal);
        if (colour is not null) rcpt.Set(colour);
        return isMine;
    }

    private static bool TryRead(EsmtpParameter parameter, out Colour? colour, out Reply? refusal)
    {
        (colour, refusal) = (null, null);
        if (parameter.Keyword != "COLOUR") return false;
        if (parameter.Value == "throw") throw new InvalidOperationException("No such colour: a secret of this side.");
        if (parameter.Value?.ToUpperInvariant() is "RED" or "BLUE") colour = new(parameter.Value.ToUpperInvariant());
        else refusal = Malformed(parameter);
        return true;
    }
}
