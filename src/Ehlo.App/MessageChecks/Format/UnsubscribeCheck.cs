using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.MessageChecks.Dkim;
using Ehlo.App.Mime;

namespace Ehlo.App.MessageChecks.Format;

/// <summary>Whether a list can be left: List-Unsubscribe of RFC 2369, and in one click as RFC 8058 has it.</summary>
internal static class UnsubscribeCheck
{
    private const string Name = "List-Unsubscribe";
    private const string PostName = "List-Unsubscribe-Post";

    public static IEnumerable<Finding> Of(StoredMime mime)
    {
        string? post = mime.Field(PostName);
        if (mime.Field(Name) is not { } value)
        {
            bool isBulk = mime.Header.Any(field => field.Name.StartsWith("List-", StringComparison.OrdinalIgnoreCase))
                || mime.Field("Precedence")?.Trim().ToLowerInvariant() is "bulk" or "list";
            if (isBulk || post is not null)
            {
                yield return new(Name, Severity.Warning, "The message is of a list, and has no List-Unsubscribe.", null, "RFC 2369 section 3.2");
            }
            yield break;
        }
        List<Uri> addresses = AddressesOf(value, out string? bad);
        if (bad is not null)
        {
            yield return new(Name, Severity.Problem, "It is not a list of addresses in angle brackets.", bad, "RFC 2369 section 2");
        }
        if (addresses.Count == 0)
        {
            yield break;
        }
        if (addresses.Any(address => address.Scheme is not ("https" or "http" or "mailto")))
        {
            yield return new(Name, Severity.Warning, "It has an address that is neither https: nor mailto:.", null, "RFC 2369 section 2");
        }
        if (post is null)
        {
            yield return new(
                Name,
                Severity.Warning,
                $"The list can be left by {string.Join(" or ", addresses.Select(address => address.Scheme).Distinct())}, but not in one click: "
                    + $"there is no {PostName}. Large receivers ask for it.",
                null,
                "RFC 8058 section 3.1");
            yield break;
        }
        Finding[] wrong = [.. OfOneClick(mime, addresses, post)];
        foreach (Finding finding in wrong)
        {
            yield return finding;
        }
        if (wrong.Length == 0)
        {
            yield return new(Name, Severity.Good, "The list can be left in one click.", addresses.First(address => address.Scheme == "https").Host,
                "RFC 8058 section 3.1");
        }
    }

    private static IEnumerable<Finding> OfOneClick(StoredMime mime, List<Uri> addresses, string post)
    {
        if (post.Trim() != "List-Unsubscribe=One-Click")
        {
            yield return new(Name, Severity.Problem, $"{PostName} must be \"List-Unsubscribe=One-Click\".", post, "RFC 8058 section 3.1");
        }
        if (addresses.All(address => address.Scheme != "https"))
        {
            yield return new(Name, Severity.Problem, "One click needs an https: address.", null, "RFC 8058 section 3.1");
        }
        bool isCovered = mime.Header.Where(field => field.Name.Equals("DKIM-Signature", StringComparison.OrdinalIgnoreCase))
            .Select(field => (TagList.Parse(field.Value)["h"] ?? "").Split(':', StringSplitOptions.TrimEntries))
            .Any(signed => signed.Contains(Name, StringComparer.OrdinalIgnoreCase) && signed.Contains(PostName, StringComparer.OrdinalIgnoreCase));
        if (!isCovered)
        {
            yield return new(Name, Severity.Problem, "One click needs a DKIM signature that covers both fields.", null, "RFC 8058 section 4");
        }
    }

    // "<" URI ">" with commas between; comments may stand around them.
    private static List<Uri> AddressesOf(string value, out string? bad)
    {
        var addresses = new List<Uri>();
        bad = null;
        foreach (string part in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int begin = part.IndexOf('<', StringComparison.Ordinal);
            int end = part.IndexOf('>', StringComparison.Ordinal);
            string text = begin >= 0 && end > begin ? string.Concat(part[(begin + 1)..end].Where(letter => !char.IsWhiteSpace(letter))) : "";
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address))
            {
                addresses.Add(address);
            }
            else
            {
                bad ??= Shortened.Text(part, 100);
            }
        }
        return addresses;
    }
}
