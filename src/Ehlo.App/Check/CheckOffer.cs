using System;
using System.Globalization;
using System.Linq;

namespace Ehlo.App.Check;

/// <summary>What the server offers in the state in which the checks talk to it, and what the user allows.</summary>
/// <param name="Has">Of the needs of checks, those that are met.</param>
/// <param name="Size">The greatest message that SIZE announces, in octets; 0 for no limit.</param>
internal sealed record CheckOffer(CheckNeeds Has, decimal Size)
{
    /// <summary>Reads the reply to a hello.</summary>
    public static CheckOffer Read(WireReply reply)
    {
        CheckOffer offer = new(CheckNeeds.None, 0);
        foreach (string line in reply.Lines.Skip(1).Where(line => line.Length > 4))
        {
            string[] words = line[4..].ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            offer = offer with { Has = offer.Has | Of(words[0]) };
            if (words[0] == "AUTH") offer = offer with { Has = words.Skip(1).Aggregate(offer.Has, (has, name) => has | OfMechanism(name)) };
            // RFC 1870 section 3: at most 20 digits.
            if (words is ["SIZE", { Length: <= 20 } digits]
                && decimal.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out decimal size) && size > 0)
            {
                offer = new CheckOffer(offer.Has | CheckNeeds.SizeLimit, size);
            }
        }
        return offer;
    }

    private static CheckNeeds Of(string keyword) => keyword switch
    {
        "STARTTLS" => CheckNeeds.StartTls,
        "AUTH" => CheckNeeds.Auth,
        "CHUNKING" => CheckNeeds.Chunking,
        "BINARYMIME" => CheckNeeds.BinaryMime,
        "PIPELINING" => CheckNeeds.Pipelining,
        "SIZE" => CheckNeeds.Size,
        "8BITMIME" => CheckNeeds.EightBitMime,
        "SMTPUTF8" => CheckNeeds.SmtpUtf8,
        "DSN" => CheckNeeds.Dsn,
        "ENHANCEDSTATUSCODES" => CheckNeeds.EnhancedCodes,
        "REQUIRETLS" => CheckNeeds.RequireTls,
        "MT-PRIORITY" => CheckNeeds.MtPriority,
        "FUTURERELEASE" => CheckNeeds.FutureRelease,
        "DELIVERBY" => CheckNeeds.DeliverBy,
        "RRVS" => CheckNeeds.Rrvs,
        "LIMITS" => CheckNeeds.Limits,
        "NO-SOLICITING" => CheckNeeds.NoSoliciting,
        _ => CheckNeeds.None,
    };

    private static CheckNeeds OfMechanism(string name) => name switch
    {
        "PLAIN" => CheckNeeds.AuthPlain,
        "LOGIN" => CheckNeeds.AuthLogin,
        "CRAM-MD5" => CheckNeeds.AuthCramMd5,
        "SCRAM-SHA-256" => CheckNeeds.AuthScram,
        _ => CheckNeeds.None,
    };
}
