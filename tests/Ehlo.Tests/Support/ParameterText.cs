using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ehlo.Protocol;

namespace Ehlo.Tests.Support;

/// <summary>The typed values of parameters as a transcript shows them; "" for none.</summary>
internal static class ParameterText
{
    public static string Of(MailParameters mail) => Join(
        mail.Return is { } dsn ? $"returns {dsn}" : null,
        mail.EnvelopeId is { } id ? $"envelope id {id}" : null,
        mail.RequireTls ? "requires TLS" : null,
        mail.DeliverBy is { } by ? $"by {by.Seconds} s{(by.IsReturn ? " or returned" : "")}{(by.IsTraced ? ", traced" : "")}" : null,
        mail.MtPriority is { } priority ? string.Create(CultureInfo.InvariantCulture, $"priority {priority}") : null,
        mail.HoldUntil is { } time ? string.Create(CultureInfo.InvariantCulture, $"held until {time.UtcDateTime:s}") : null,
        mail.Solicitations.Count > 0 ? $"solicits {string.Join(' ', mail.Solicitations)}" : null,
        mail.Get<ColourExtension.Colour>()?.Name);

    public static string Of(RcptParameters rcpt) => Join(
        rcpt.Notify is { } notify ? $"notify {notify}" : null,
        rcpt.OriginalRecipient is { } original ? $"first {original}" : null,
        rcpt.OwnedSince is { } since
            ? string.Create(CultureInfo.InvariantCulture, $"owned since {since.Since.UtcDateTime:s}{(since.IsRejecting ? " or rejected" : "")}")
            : null,
        rcpt.Get<ColourExtension.Colour>()?.Name);

    private static string Join(params IEnumerable<string?> parts) => string.Concat(parts.OfType<string>().Select(part => ", " + part));
}
