using System;
using System.Collections.Generic;

namespace Ehlo.App.MessageChecks.Dmarc;

/// <summary>A policy record as RFC 9989 section 4.7 has it; RFC 7489 section 6.3 differs in tags that decide nothing here.</summary>
internal sealed record DmarcRecord(string Domain, string Policy, string? SubdomainPolicy, bool IsDkimStrict, bool IsSpfStrict, char PublicSuffix,
    bool IsTest)
{
    // A record has a dozen tags; DNS could hold thousands.
    private const int MaxTags = 64;

    /// <returns>Null for what is no record of DMARC: the version is first, and as it is.</returns>
    public static DmarcRecord? Parse(string domain, string text)
    {
        var tags = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        bool isFirst = true;
        foreach (string tag in text.Split(';', MaxTags, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = tag.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? tag : tag[..equals].Trim();
            string value = equals < 0 ? "" : tag[(equals + 1)..].Trim();
            if (isFirst && (!name.Equals("v", StringComparison.OrdinalIgnoreCase) || value != "DMARC1"))
            {
                return null;
            }
            isFirst = false;
            tags.TryAdd(name, value.ToLowerInvariant());
        }
        if (isFirst)
        {
            return null;
        }
        string? policy = tags.GetValueOrDefault("p");
        if (policy is not ("none" or "quarantine" or "reject"))
        {
            // RFC 9989 section 4.7: without a good policy, a record that wants reports is taken as none, any other is not a record.
            if (!tags.ContainsKey("rua") && tags.GetValueOrDefault("psd") is null)
            {
                return null;
            }
            policy = "none";
        }
        return new DmarcRecord(
            domain,
            policy,
            tags.GetValueOrDefault("sp") is "none" or "quarantine" or "reject" ? tags["sp"] : null,
            tags.GetValueOrDefault("adkim") == "s",
            tags.GetValueOrDefault("aspf") == "s",
            tags.GetValueOrDefault("psd") is "y" ? 'y' : tags.GetValueOrDefault("psd") is "n" ? 'n' : 'u',
            tags.GetValueOrDefault("t") == "y");
    }
}
