using System;

namespace Ehlo.Protocol;

/// <summary>
/// RRVS (RFC 7293). No EHLO parameter. RCPT parameter RRVS=date-time, with ;C or ;R: the mailbox must have had the same owner since then.
/// A class that knows better refuses with 550 5.7.17; one that does not know accepts, and the header field says the same to whoever
/// comes after.
/// </summary>
public sealed class RrvsExtension : Extension
{
    /// <inheritdoc/>
    public override string Keyword => "RRVS";

    /// <inheritdoc/>
    public override bool TryReadRcpt(EsmtpParameter parameter, RcptParameters rcpt, ExtensionSet inForce, out Reply? refusal)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(rcpt);
        refusal = null;
        if (parameter.Keyword != "RRVS") return false;
        // rrvs-param = "RRVS=" date-time [ ";" ( "C" / "R" ) ]     RFC 7293 section 3.2
        string[] parts = (parameter.Value ?? "").Split(';');
        bool isGood = parts.Length is 1 || (parts.Length == 2 && parts[1] is "C" or "c" or "R" or "r");
        if (isGood && DateTimeGrammar.TryParse(parts[0], out DateTimeOffset since))
            rcpt.OwnedSince = new(since, parts.Length == 2 && parts[1] is "R" or "r");
        else
            refusal = Malformed(parameter);
        return true;
    }

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content)
    {
        foreach (EnvelopeRecipient recipient in envelope.Recipients)
        {
            if (recipient.OwnedSince is not null) return ExtensionNeed.Needed;
        }
        return ExtensionNeed.None;
    }

    /// <summary>Writes what is asked for a recipient into RCPT.</summary>
    internal static void WriteRcpt(EnvelopeRecipient recipient, ref CommandWriter command)
    {
        if (recipient.OwnedSince is { } owned)
            command.Parameter("RRVS", DateTimeGrammar.Format(owned.Since) + (owned.IsRejecting ? ";R" : ";C"));
    }
}
