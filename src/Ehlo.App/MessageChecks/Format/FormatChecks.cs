using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ehlo.App.Inbox;
using Ehlo.App.Mime;

namespace Ehlo.App.MessageChecks.Format;

/// <summary>Lines, octets and MIME of a message against RFC 5322 and RFC 2045.</summary>
internal static class FormatChecks
{
    private const string Lines = "Lines";
    private const string Body = "Body";

    public static IEnumerable<Finding> OfLines(ContentScan scan, StoredMessage message)
    {
        if (scan.TooLong.Count > 0)
        {
            yield return new(Lines, Severity.Problem, $"{Count(scan.TooLong.Count, "line has", "lines have")} more than 998 octets.",
                At(scan.TooLong), "RFC 5322 section 2.1.1");
        }
        else if (scan.Long > 0)
        {
            yield return new(Lines, Severity.Note, $"{Count(scan.Long, "line has", "lines have")} more than 78 octets.", null,
                "RFC 5322 section 2.1.1");
        }
        if (scan.BareCr.Count > 0)
        {
            yield return new(Lines, Severity.Problem, $"{Count(scan.BareCr.Count, "CR stands", "CRs stand")} without an LF.", At(scan.BareCr),
                "RFC 5322 section 2.3");
        }
        if (scan.BareLf.Count > 0)
        {
            yield return new(Lines, Severity.Problem, $"{Count(scan.BareLf.Count, "LF stands", "LFs stand")} without a CR.", At(scan.BareLf),
                "RFC 5322 section 2.3");
        }
        if (scan.Nul.Count > 0)
        {
            yield return new(Lines, Severity.Problem, $"{Count(scan.Nul.Count, "octet has", "octets have")} the value 0.", At(scan.Nul),
                "RFC 5322 section 4");
        }
        if (scan.EightBitInHeader.Count > 0)
        {
            bool isAllowed = message.MailParameters.ContainsKey("SMTPUTF8");
            yield return new(
                "Header",
                isAllowed ? Severity.Note : Severity.Problem,
                isAllowed ? "The header has octets above 127, as SMTPUTF8 allows."
                    : "The header has octets above 127, and the client did not say SMTPUTF8: they should be encoded words.",
                At(scan.EightBitInHeader),
                isAllowed ? "RFC 6532 section 3" : "RFC 2047 section 1");
        }
        if (scan.EightBitInBody.Count > 0 && message.MailParameters.GetValueOrDefault("BODY") is not ("8BITMIME" or "BINARYMIME"))
        {
            yield return new(
                Body,
                Severity.Warning,
                "The body has octets above 127, and the client did not say BODY=8BITMIME: a server may refuse or change them.",
                At(scan.EightBitInBody),
                "RFC 6152 section 3");
        }
        if (!scan.EndsWithLineEnd)
        {
            yield return new(Lines, Severity.Note, "The last line has no CRLF.", null, "RFC 5322 section 2.3");
        }
    }

    public static IEnumerable<Finding> OfMime(StoredMime mime)
    {
        bool isMime = mime.Header.Any(field => field.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase));
        if (isMime && mime.Field("MIME-Version") is null)
        {
            yield return new(
                "Header",
                Severity.Problem,
                "There are Content- fields but no MIME-Version: a receiver may take the message for plain text.",
                "MIME-Version",
                "RFC 2045 section 4");
        }
        if (mime.Html is not null && mime.Text is null)
        {
            yield return new(Body, Severity.Warning, "There is HTML and no plain text beside it; some filters and readers mind.", Part(mime.Html),
                "RFC 2046 section 5.1.4");
        }
        foreach (StoredPart part in mime.Parts.Where(part => part.IsLeaf && part.IsText && part.Charset is null
            && part.Encoding is MimeKit.ContentEncoding.EightBit or MimeKit.ContentEncoding.Binary))
        {
            yield return new(Body, Severity.Warning, "Text of 8 bits without a charset: who reads it has to guess.", Part(part),
                "RFC 2046 section 4.1.2");
        }
        foreach (StoredPart part in mime.Parts.Where(part =>
            !part.IsLeaf && part.Encoding is MimeKit.ContentEncoding.Base64 or MimeKit.ContentEncoding.QuotedPrintable))
        {
            yield return new(Body, Severity.Problem, "Parts within an encoding cannot be found by all.", Part(part), "RFC 2045 section 6.4");
        }
        foreach (string note in mime.Notes)
        {
            yield return new(Body, Severity.Warning, note, null, null);
        }
    }

    private static string Count(long count, string one, string many) =>
        count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count} {many}");

    private static string At((long Count, long First) seen) => string.Create(CultureInfo.InvariantCulture, $"line {seen.First}");

    private static string Part(StoredPart part) => string.Create(CultureInfo.InvariantCulture, $"part {part.Number}, {part.MediaType}");
}
