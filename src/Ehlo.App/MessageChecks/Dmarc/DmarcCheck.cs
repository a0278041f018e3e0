using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.MessageChecks.Dns;

namespace Ehlo.App.MessageChecks.Dmarc;

/// <param name="Result">pass, fail, none, temperror, as an Authentication-Results field names it.</param>
/// <param name="Policy">What the domain wants done with what fails, or null.</param>
internal sealed record DmarcVerdict(string Result, string? Policy, string Because);

/// <summary>Whether the author's domain stands behind the message: RFC 9989 section 5.3, RFC 7489 section 6.6.2.</summary>
internal static class DmarcCheck
{
    /// <param name="author">The domain of the From field.</param>
    /// <param name="spf">The domain that SPF passed for, or null.</param>
    /// <param name="dkim">The domains of good signatures.</param>
    public static async ValueTask<DmarcVerdict> CheckAsync(
        INameLookup names, string author, string? spf, IReadOnlyList<string> dkim, CancellationToken cancellationToken)
    {
        var walk = new DmarcWalk(names);
        if (await walk.FindPolicyAsync(author, cancellationToken) is not { } record)
        {
            return walk.HasFailed
                ? new DmarcVerdict("temperror", null, $"DNS gave no answer for the policy of {author}.")
                : new DmarcVerdict("none", null, $"{author} publishes no DMARC policy, nor does a domain above it.");
        }
        foreach (string domain in dkim)
        {
            if (await IsAlignedAsync(walk, author, domain, record.IsDkimStrict, cancellationToken))
            {
                return new DmarcVerdict("pass", record.Policy, $"The signature of {domain} is good and aligned with {author}.");
            }
        }
        if (spf is not null && await IsAlignedAsync(walk, author, spf, record.IsSpfStrict, cancellationToken))
        {
            return new DmarcVerdict("pass", record.Policy, $"SPF passed for {spf}, which is aligned with {author}.");
        }
        bool isSubdomain = !record.Domain.Equals(author, StringComparison.OrdinalIgnoreCase);
        string policy = isSubdomain ? record.SubdomainPolicy ?? record.Policy : record.Policy;
        string found = (spf, dkim.Count) switch
        {
            (null, 0) => "Neither SPF nor a signature is good",
            _ => $"What is good ({string.Join(", ", Good(spf, dkim))}) is not aligned with {author}",
        };
        return new DmarcVerdict("fail", policy, $"{found}; the policy of {record.Domain} is {policy}{(record.IsTest ? ", to be tried only" : "")}.");
    }

    private static IEnumerable<string> Good(string? spf, IReadOnlyList<string> dkim)
    {
        if (spf is not null)
        {
            yield return $"SPF for {spf}";
        }
        foreach (string domain in dkim)
        {
            yield return $"DKIM of {domain}";
        }
    }

    private static async ValueTask<bool> IsAlignedAsync(
        DmarcWalk walk, string author, string domain, bool isStrict, CancellationToken cancellationToken)
    {
        if (author.Equals(domain, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        return !isStrict
            && (await walk.FindOrganizationAsync(author, cancellationToken))
                .Equals(await walk.FindOrganizationAsync(domain, cancellationToken), StringComparison.OrdinalIgnoreCase);
    }
}
