using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.MessageChecks.Dns;

namespace Ehlo.App.MessageChecks.Spf;

/// <param name="Address">The peer's.</param>
/// <param name="Sender">The reverse-path's mailbox; for the null reverse-path postmaster at the hello name (RFC 7208 section 2.4).</param>
internal sealed record SpfQuestion(IPAddress Address, string Sender, string Hello);

/// <summary>check_host() of RFC 7208 section 4: whether an address may send for a domain. One object for one evaluation.</summary>
internal sealed class SpfCheck(INameLookup names, SpfQuestion question)
{
    // RFC 7208 section 4.6.4 has each of them.
    private const int MaxLookups = 10;
    private const int MaxVoidLookups = 2;
    private const int MaxNamesOfTerm = 10;

    // Nothing bounds a record but the message of DNS; what is longer than any published one is not worth the time.
    private const int MaxRecordLength = 16 * 1024;

    private int _lookups;
    private int _voids;

    /// <summary>Terms that asked DNS so far; ten are allowed.</summary>
    public int Lookups => _lookups;

    public async ValueTask<SpfVerdict> CheckAsync(string domain, CancellationToken cancellationToken)
    {
        try
        {
            return await EvaluateAsync(domain, cancellationToken);
        }
        catch (SpfException exception)
        {
            return new SpfVerdict(exception.Result, domain, exception.Message);
        }
    }

    private async ValueTask<SpfVerdict> EvaluateAsync(string domain, CancellationToken cancellationToken)
    {
        if (!IsDomain(domain))
        {
            // RFC 7208 section 4.3.
            return new SpfVerdict(SpfResult.None, domain, $"\"{domain}\" is not the name of a domain.");
        }
        if (await FindRecordAsync(domain, cancellationToken) is not { } record)
        {
            return new SpfVerdict(SpfResult.None, domain, $"{domain} publishes no SPF record.");
        }
        foreach (SpfDirective directive in record.Directives)
        {
            if (await MatchesAsync(directive, domain, cancellationToken))
            {
                return new SpfVerdict(directive.Result, domain, $"\"{directive.Text}\" in the record of {domain} matches {question.Address}.");
            }
        }
        if (record.Redirect is null)
        {
            // RFC 7208 section 4.7.
            return new SpfVerdict(SpfResult.Neutral, domain, $"Nothing in the record of {domain} matches {question.Address}.");
        }
        CountLookup();
        string target = SpfMacro.Expand(record.Redirect, question, domain);
        SpfVerdict verdict = await EvaluateAsync(target, cancellationToken);
        // RFC 7208 section 6.1.
        return verdict.Result == SpfResult.None
            ? throw new SpfException(SpfResult.PermError, $"{domain} redirects to {target}, which publishes no SPF record.")
            : verdict;
    }

    private async ValueTask<SpfRecord?> FindRecordAsync(string domain, CancellationToken cancellationToken)
    {
        NameAnswer answer = await names.AskAsync(domain, NameRecord.Txt, cancellationToken);
        ThrowIfFailed(answer, domain);
        string[] records = [.. answer.Values.Where(SpfRecord.IsSpf)];
        if (records.Length == 0)
        {
            return null;
        }
        if (records.Length > 1)
        {
            // RFC 7208 section 4.5.
            throw new SpfException(SpfResult.PermError, $"{domain} publishes {records.Length} SPF records; there may be one.");
        }
        if (records[0].Length > MaxRecordLength)
        {
            throw new SpfException(SpfResult.PermError, $"The record of {domain} has {records[0].Length} characters.");
        }
        return SpfRecord.Parse(records[0], out string? error)
            ?? throw new SpfException(SpfResult.PermError, $"\"{error}\" in the record of {domain} is not a term of SPF.");
    }

    private async ValueTask<bool> MatchesAsync(SpfDirective directive, string domain, CancellationToken cancellationToken)
    {
        switch (directive.Mechanism)
        {
            case SpfMechanism.All:
                return true;
            case SpfMechanism.Ip4 or SpfMechanism.Ip6:
                return directive.Network!.Value.Contains(question.Address);
        }
        CountLookup();
        string target = directive.Domain is { } spec ? SpfMacro.Expand(spec, question, domain) : domain;
        return directive.Mechanism switch
        {
            SpfMechanism.Include => await IncludesAsync(target, domain, cancellationToken),
            SpfMechanism.A => await IsAddressOfAsync(target, directive, cancellationToken),
            SpfMechanism.Mx => await IsExchangeOfAsync(target, directive, cancellationToken),
            SpfMechanism.Ptr => await IsNamedAsync(target, cancellationToken),
            // RFC 7208 section 5.7: of A records, whatever the peer's address is.
            _ => (await AskAsync(target, NameRecord.A, cancellationToken)).Status == NameStatus.Found,
        };
    }

    // The table of RFC 7208 section 5.2.
    private async ValueTask<bool> IncludesAsync(string target, string domain, CancellationToken cancellationToken)
    {
        SpfVerdict verdict = await EvaluateAsync(target, cancellationToken);
        return verdict.Result switch
        {
            SpfResult.Pass => true,
            SpfResult.None => throw new SpfException(SpfResult.PermError, $"{domain} includes {target}, which publishes no SPF record."),
            _ => false,
        };
    }

    private async ValueTask<bool> IsAddressOfAsync(string target, SpfDirective directive, CancellationToken cancellationToken)
    {
        bool isIp4 = question.Address.AddressFamily == AddressFamily.InterNetwork;
        NameAnswer answer = await AskAsync(target, isIp4 ? NameRecord.A : NameRecord.Aaaa, cancellationToken);
        int length = isIp4 ? directive.Ip4Length : directive.Ip6Length;
        return answer.Values.Any(value => SpfRecord.NetworkOf(IPAddress.Parse(value), length).Contains(question.Address));
    }

    private async ValueTask<bool> IsExchangeOfAsync(string target, SpfDirective directive, CancellationToken cancellationToken)
    {
        NameAnswer exchanges = await AskAsync(target, NameRecord.Mx, cancellationToken);
        if (exchanges.Values.Count > MaxNamesOfTerm)
        {
            throw new SpfException(SpfResult.PermError, $"{target} has {exchanges.Values.Count} MX records; SPF looks at {MaxNamesOfTerm} at most.");
        }
        foreach (string exchange in exchanges.Values)
        {
            if (exchange.Length > 0 && await IsAddressOfAsync(exchange, directive, cancellationToken))
            {
                return true;
            }
        }
        return false;
    }

    // RFC 7208 section 5.5: names of the address that have the address are valid; an error of DNS is no match.
    private async ValueTask<bool> IsNamedAsync(string target, CancellationToken cancellationToken)
    {
        bool isIp4 = question.Address.AddressFamily == AddressFamily.InterNetwork;
        NameAnswer pointers = await names.AskAsync(ReverseName(question.Address), NameRecord.Ptr, cancellationToken);
        foreach (string name in pointers.Values.Take(MaxNamesOfTerm))
        {
            bool isWithin = name.Equals(target, StringComparison.OrdinalIgnoreCase)
                || name.EndsWith($".{target}", StringComparison.OrdinalIgnoreCase);
            if (isWithin)
            {
                NameAnswer addresses = await names.AskAsync(name, isIp4 ? NameRecord.A : NameRecord.Aaaa, cancellationToken);
                if (addresses.Values.Any(value => IPAddress.Parse(value).Equals(question.Address)))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private async ValueTask<NameAnswer> AskAsync(string name, NameRecord record, CancellationToken cancellationToken)
    {
        NameAnswer answer = IsDomain(name) ? await names.AskAsync(name, record, cancellationToken) : NameAnswer.Nothing;
        ThrowIfFailed(answer, name);
        if (answer.Status == NameStatus.Nothing && ++_voids > MaxVoidLookups)
        {
            throw new SpfException(SpfResult.PermError, $"More than {MaxVoidLookups} lookups found nothing, the last of them {name}.");
        }
        return answer;
    }

    private static void ThrowIfFailed(NameAnswer answer, string name)
    {
        if (answer.Status == NameStatus.Failed)
        {
            throw new SpfException(SpfResult.TempError, $"DNS gave no answer for {name}.");
        }
    }

    private void CountLookup()
    {
        if (++_lookups > MaxLookups)
        {
            throw new SpfException(SpfResult.PermError, $"The evaluation takes more than {MaxLookups} lookups.");
        }
    }

    private static string ReverseName(IPAddress address)
    {
        IEnumerable<string> parts = address.AddressFamily == AddressFamily.InterNetwork
            ? address.GetAddressBytes().Select(octet => octet.ToString(CultureInfo.InvariantCulture))
            : Convert.ToHexStringLower(address.GetAddressBytes()).Select(digit => digit.ToString());
        return string.Join('.', parts.Reverse()) + (address.AddressFamily == AddressFamily.InterNetwork ? ".in-addr.arpa" : ".ip6.arpa");
    }

    // Labels of 1 to 63 octets, two of them at least, 253 in all. Underscores are in use.
    private static bool IsDomain(string name)
    {
        string[] labels = name.Split('.');
        return name.Length <= 253 && labels.Length > 1 && labels.All(label => label.Length is > 0 and <= 63)
            && name.All(letter => letter is > ' ' and <= '~');
    }

    private sealed class SpfException(SpfResult result, string message) : Exception(message)
    {
        public SpfResult Result => result;
    }
}
