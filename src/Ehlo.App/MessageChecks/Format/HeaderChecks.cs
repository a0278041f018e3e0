using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Ehlo.App.Inbox;
using Ehlo.App.Mime;
using MimeKit;
using MimeKit.Utils;

namespace Ehlo.App.MessageChecks.Format;

/// <summary>The header of a message against RFC 5322 section 3.6.</summary>
internal static partial class HeaderChecks
{
    private const string Header = "Header";

    // The table of RFC 5322 section 3.6: those that may stand once.
    private static readonly string[] Single =
        ["Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Message-ID", "In-Reply-To", "References", "Subject"];

    private static readonly string[] Needed = ["Date", "From"];

    private static readonly string[] Addresses = ["From", "Sender", "Reply-To", "To", "Cc", "Bcc"];

    // Beyond this clocks are wrong, or the message is an old one.
    private static readonly TimeSpan OddDate = TimeSpan.FromDays(1);

    public static IEnumerable<Finding> Of(StoredMime mime, StoredMessage message) =>
        OfPresence(mime).Concat(OfAddresses(mime)).Concat(OfDate(mime, message)).Concat(OfMessageId(mime)).Concat(OfSubject(mime))
            .Concat(OfLines(mime));

    private static IEnumerable<Finding> OfPresence(StoredMime mime)
    {
        foreach (string name in Needed.Where(name => mime.Field(name) is null))
        {
            yield return new(Header, Severity.Problem, $"There is no {name} field.", name, "RFC 5322 section 3.6");
        }
        if (mime.Field("Message-ID") is null)
        {
            yield return new(Header, Severity.Warning, "There is no Message-ID field; each message should have one.", "Message-ID",
                "RFC 5322 section 3.6.4");
        }
        foreach (string name in Single)
        {
            int count = mime.Header.Count(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (count > 1)
            {
                yield return new(Header, Severity.Problem, $"{name} stands {count} times; once is allowed.", name, "RFC 5322 section 3.6");
            }
        }
        if (mime.Field("Subject") is null or "")
        {
            yield return new(Header, Severity.Note, "There is no subject.", "Subject", "RFC 5322 section 3.6.5");
        }
        if (mime.Field("To") is null && mime.Field("Cc") is null && mime.Field("Bcc") is null)
        {
            yield return new(Header, Severity.Note, "The header names no recipient.", "To", "RFC 5322 section 3.6.3");
        }
    }

    private static IEnumerable<Finding> OfAddresses(StoredMime mime)
    {
        foreach (HeaderField field in mime.Header.Where(field => Addresses.Contains(field.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (!InternetAddressList.TryParse(field.Value, out InternetAddressList? list))
            {
                yield return new(Header, Severity.Problem, $"What stands in {field.Name} is no list of addresses.", Quote(field.Value),
                    "RFC 5322 section 3.4");
                continue;
            }
            foreach (MailboxAddress mailbox in list.Mailboxes.Where(mailbox => !Mailbox.TryParse(mailbox.Address, out _)).Take(5))
            {
                yield return new(Header, Severity.Problem, $"\"{mailbox.Address}\" in {field.Name} is no address.", field.Name,
                    "RFC 5322 section 3.4.1");
            }
            if (list.Count == 0 && field.Name.Equals("From", StringComparison.OrdinalIgnoreCase))
            {
                yield return new(Header, Severity.Problem, "From is empty.", "From", "RFC 5322 section 3.6.2");
            }
            if (list.Mailboxes.Skip(1).Any() && field.Name.Equals("From", StringComparison.OrdinalIgnoreCase) && mime.Field("Sender") is null)
            {
                yield return new(Header, Severity.Problem, "From has several addresses, so there must be a Sender.", "Sender",
                    "RFC 5322 section 3.6.2");
            }
        }
    }

    private static IEnumerable<Finding> OfDate(StoredMime mime, StoredMessage message)
    {
        if (mime.Field("Date") is not { } text)
        {
            yield break;
        }
        if (!DateUtils.TryParse(text, out DateTimeOffset date))
        {
            yield return new(Header, Severity.Problem, "What stands in Date is no date.", Quote(text), "RFC 5322 section 3.3");
        }
        else if ((date - message.ReceivedAt).Duration() > OddDate)
        {
            string away = (date - message.ReceivedAt).Duration().TotalDays.ToString("0", CultureInfo.InvariantCulture);
            yield return new(Header, Severity.Note, $"Date is {away} days {(date < message.ReceivedAt ? "before" : "after")} the message came.",
                Quote(text), "RFC 5322 section 3.6.1");
        }
    }

    private static IEnumerable<Finding> OfMessageId(StoredMime mime)
    {
        if (mime.Field("Message-ID") is { } id && !MessageIdForm().IsMatch(id.Trim()))
        {
            yield return new(Header, Severity.Warning, "Message-ID is not of the form <left@right>.", Quote(id), "RFC 5322 section 3.6.4");
        }
    }

    private static IEnumerable<Finding> OfSubject(StoredMime mime)
    {
        foreach (HeaderField field in mime.Header.Where(field => field.Name.Equals("Subject", StringComparison.OrdinalIgnoreCase)))
        {
            int longest = EncodedWord().Matches(field.Raw).Select(word => word.Length).DefaultIfEmpty().Max();
            if (longest > 75)
            {
                yield return new(Header, Severity.Warning, $"An encoded word of {longest} characters; 75 are allowed.", "Subject",
                    "RFC 2047 section 2");
            }
            if (EncodedWord().Matches(field.Raw).Any(word => word.Value.Any(char.IsWhiteSpace)))
            {
                yield return new(
                    Header,
                    Severity.Warning,
                    "An encoded word has a space in it; some readers show it as it stands.",
                    Quote(field.Raw.Trim()),
                    "RFC 2047 section 2");
            }
        }
    }

    private static IEnumerable<Finding> OfLines(StoredMime mime)
    {
        foreach (HeaderField field in mime.Header.Where(field => field.Raw.Length == 0 && field.Name.Any(letter => letter is <= ' ' or > '~'))
            .Take(3))
        {
            yield return new(Header, Severity.Problem, "A line in the header is no field.", Quote(field.Name.Trim()), "RFC 5322 section 2.2");
        }
    }

    private static string Quote(string text) => Shortened.Text(text, 100);

    [GeneratedRegex("""^<[^\s<>@]+@[^\s<>@]+>$""")]
    private static partial Regex MessageIdForm();

    [GeneratedRegex("""=\?[^?\s]+\?[bBqQ]\?[^?]*\?=""", RegexOptions.NonBacktracking)]
    private static partial Regex EncodedWord();
}
