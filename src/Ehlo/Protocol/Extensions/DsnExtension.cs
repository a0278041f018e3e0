using System;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>
/// DSN (RFC 3461). No EHLO parameter. MAIL parameters RET (what a report returns) and ENVID (the sender's name for the transaction); RCPT
/// parameters NOTIFY (when to report) and ORCPT (the recipient as first given, with the forms of RFC 6533). Kept for whoever sends the
/// message on or reports about it; the library does neither.
/// </summary>
public sealed class DsnExtension : Extension
{
    // RFC 3461 section 5.2: what ORCPT and ENVID may have, encoded.
    private const int MaxOriginalRecipientOctets = 500;
    private const int MaxEnvelopeIdOctets = 100;

    // By the value of Notify: its elements are flags.
    private static readonly string[] NotifyText =
    [
        "", "NEVER", "SUCCESS", "", "FAILURE", "", "SUCCESS,FAILURE", "", "DELAY", "", "SUCCESS,DELAY", "", "FAILURE,DELAY", "",
        "SUCCESS,FAILURE,DELAY",
    ];

    /// <inheritdoc/>
    public override string Keyword => "DSN";

    /// <inheritdoc/>
    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(mail);
        bool isGood;
        switch (parameter.Keyword)
        {
            // ret-parameter = "RET=" ret-value; ret-value = "FULL" / "HDRS"     RFC 3461 section 4.3
            case "RET":
                if (Is(parameter, "FULL")) mail.Return = DsnReturn.Full;
                else if (Is(parameter, "HDRS")) mail.Return = DsnReturn.Headers;
                isGood = mail.Return is not null;
                break;
            // envid-parameter = "ENVID=" unrestricted-xtext, of printable characters (RFC 3461 section 4.4)
            case "ENVID":
                mail.EnvelopeId = Decode(parameter.Value, MaxEnvelopeIdOctets);
                isGood = mail.EnvelopeId is not null;
                break;
            default:
                refusal = null;
                return false;
        }
        refusal = isGood ? null : Malformed(parameter);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryReadRcpt(EsmtpParameter parameter, RcptParameters rcpt, ExtensionSet inForce, out Reply? refusal)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(rcpt);
        ArgumentNullException.ThrowIfNull(inForce);
        switch (parameter.Keyword)
        {
            case "NOTIFY":
                rcpt.Notify = ReadNotify(parameter.Value);
                refusal = rcpt.Notify is null ? Malformed(parameter) : null;
                return true;
            case "ORCPT":
                rcpt.OriginalRecipient = parameter.Value is { Length: <= MaxOriginalRecipientOctets } value
                    && OriginalRecipientGrammar.TryParse(value, allowUtf8: inForce.Contains("SMTPUTF8"), out OriginalRecipient? original)
                        ? original
                        : null;
                refusal = rcpt.OriginalRecipient is null ? Malformed(parameter) : null;
                return true;
            default:
                refusal = null;
                return false;
        }
    }

    // notify-list-element = "SUCCESS" / "FAILURE" / "DELAY"; or "NEVER" alone     RFC 3461 section 4.1
    private static Notify? ReadNotify(string? value)
    {
        if (string.Equals(value, "NEVER", StringComparison.OrdinalIgnoreCase)) return Notify.Never;
        Notify notify = default;
        foreach (Range range in (value ?? "").AsSpan().Split(','))
        {
            Notify element = value.AsSpan(range) switch
            {
                var word when word.Equals("SUCCESS", StringComparison.OrdinalIgnoreCase) => Notify.Success,
                var word when word.Equals("FAILURE", StringComparison.OrdinalIgnoreCase) => Notify.Failure,
                var word when word.Equals("DELAY", StringComparison.OrdinalIgnoreCase) => Notify.Delay,
                _ => default,
            };
            if (element == default || notify.HasFlag(element)) return null;
            notify |= element;
        }
        return notify;
    }

    private static string? Decode(string? xtext, int maxOctets) =>
        xtext is { Length: > 0 } && xtext.Length <= maxOctets && XtextGrammar.TryDecode(xtext, out byte[]? octets)
            && !octets.AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? Encoding.UTF8.GetString(octets)
            : null;

    private static bool Is(EsmtpParameter parameter, string value) =>
        string.Equals(parameter.Value, value, StringComparison.OrdinalIgnoreCase);

    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        envelope.Return is not null || envelope.EnvelopeId is not null ? ExtensionNeed.Wanted : ExtensionNeed.None;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (envelope.Return is { } part) command.Parameter("RET", part is DsnReturn.Full ? "FULL" : "HDRS");
        if (envelope.EnvelopeId is { } id) command.Parameter("ENVID", XtextGrammar.Encode(Encoding.UTF8.GetBytes(id)));
    }

    /// <summary>Writes what is asked for a recipient into RCPT.</summary>
    internal static void WriteRcpt(EnvelopeRecipient recipient, ref CommandWriter command)
    {
        if (recipient.Notify is { } notify) command.Parameter("NOTIFY", NotifyText[(int)notify]);
        if (recipient.OriginalRecipient is { } original) command.Parameter("ORCPT", OriginalRecipientGrammar.Encode(original));
    }
}
