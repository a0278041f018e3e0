using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.MessageChecks.Dns;

namespace Ehlo.App.MessageChecks.Dmarc;

/// <summary>
/// The walk up the names of a domain for records of policy: RFC 9989 section 4.10. It finds what a domain belongs to from what is published,
/// where RFC 7489 section 3.2 wants a list of public suffixes that is old on the day after it is built in.
/// </summary>
internal sealed class DmarcWalk(INameLookup names)
{
    // RFC 9989 section 4.10: at most eight questions; a longer name is cut to its last seven labels after the first.
    private const int MaxLabels = 8;

    private readonly Dictionary<string, IReadOnlyList<DmarcRecord>> _walks = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether DNS failed to answer a question.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The record that says what is to be done with mail that claims to be from the domain, or null.</summary>
    public async ValueTask<DmarcRecord?> FindPolicyAsync(string domain, CancellationToken cancellationToken)
    {
        IReadOnlyList<DmarcRecord> records = await WalkAsync(domain, cancellationToken);
        string organization = OrganizationOf(domain, records);
        return records.FirstOrDefault(record => record.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase))
            ?? records.FirstOrDefault(record => record.Domain.Equals(organization, StringComparison.OrdinalIgnoreCase))
            ?? records.FirstOrDefault(record => record.PublicSuffix == 'y');
    }

    public async ValueTask<string> FindOrganizationAsync(string domain, CancellationToken cancellationToken) =>
        OrganizationOf(domain, await WalkAsync(domain, cancellationToken));

    // RFC 9989 section 4.10.2.
    private static string OrganizationOf(string domain, IReadOnlyList<DmarcRecord> records)
    {
        foreach (DmarcRecord record in records)
        {
            if (record.PublicSuffix == 'n')
            {
                return record.Domain;
            }
            if (record.PublicSuffix == 'y' && record.Domain.Length < domain.Length)
            {
                // The name one label longer than the suffix.
                string before = domain[..^(record.Domain.Length + 1)];
                return $"{before[(before.LastIndexOf('.') + 1)..]}.{record.Domain}";
            }
        }
        return records.Count == 0 ? domain : records[^1].Domain;
    }

    private async ValueTask<IReadOnlyList<DmarcRecord>> WalkAsync(string domain, CancellationToken cancellationToken)
    {
        if (_walks.TryGetValue(domain, out IReadOnlyList<DmarcRecord>? known))
        {
            return known;
        }
        var records = new List<DmarcRecord>();
        foreach (string name in NamesOf(domain))
        {
            NameAnswer answer = await names.AskAsync($"_dmarc.{name}", NameRecord.Txt, cancellationToken);
            HasFailed |= answer.Status == NameStatus.Failed;
            DmarcRecord[] found = [.. answer.Values.Select(text => DmarcRecord.Parse(name, text)).OfType<DmarcRecord>()];
            // Several records are none.
            if (found.Length == 1)
            {
                records.Add(found[0]);
                if (found[0].PublicSuffix is 'n' or 'y')
                {
                    break;
                }
            }
        }
        _walks.Add(domain, records);
        return records;
    }

    private static IEnumerable<string> NamesOf(string domain)
    {
        string[] labels = domain.Split('.');
        yield return domain;
        for (int at = Math.Max(1, labels.Length - MaxLabels + 1); at < labels.Length; at++)
        {
            yield return string.Join('.', labels[at..]);
        }
    }
}
