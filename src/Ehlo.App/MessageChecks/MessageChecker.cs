using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.MessageChecks.Dkim;
using Ehlo.App.MessageChecks.Dmarc;
using Ehlo.App.MessageChecks.Dns;
using Ehlo.App.MessageChecks.Format;
using Ehlo.App.MessageChecks.Spf;
using Ehlo.App.Mime;
using MimeKit;

namespace Ehlo.App.MessageChecks;

/// <summary>What a receiver would say of a message of the inbox. Nothing is asked of DNS unless the caller says so and may.</summary>
internal sealed class MessageChecker(InboxStore store, MessageMime messages, INameLookup names, DnsMode mode, TimeProvider time) : IDisposable
{
    // RFC 7208 section 4.6.4 gives SPF at least twenty seconds; here for all that asks DNS.
    private static readonly TimeSpan MaxDnsTime = TimeSpan.FromSeconds(20);

    // MimeKit holds a message in memory to see its signatures: one at a time, and none that the intake's default would refuse.
    private const long MaxSignedOctets = 64 * 1024 * 1024;

    private readonly SemaphoreSlim _oneMessage = new(1);

    /// <summary>Whether DNS may be asked at all.</summary>
    public bool MayAskDns => mode != DnsMode.Never;

    /// <summary>Whether it is asked without being told to.</summary>
    public bool AsksDnsAlways => mode == DnsMode.Always;

    /// <param name="asksDns">Whether SPF, DKIM and DMARC are looked at, which tells resolvers the names in the message.</param>
    /// <param name="address">Whom to take for the peer, or null for the one it was: a test's peer is often the loopback.</param>
    /// <returns>Null for an unknown id.</returns>
    /// <exception cref="InboxException">The content is missing or damaged.</exception>
    public async ValueTask<CheckedMessage?> CheckAsync(string id, bool asksDns, IPAddress? address, CancellationToken cancellationToken)
    {
        if (store.Find(id) is not { } message || await messages.ReadAsync(id, cancellationToken) is not { } mime)
        {
            return null;
        }
        if (await Task.Run(() => Scan(id), cancellationToken) is not { } scan)
        {
            return null;
        }
        List<Finding> findings =
            [.. HeaderChecks.Of(mime, message), .. FormatChecks.OfLines(scan, message), .. FormatChecks.OfMime(mime), .. UnsubscribeCheck.Of(mime)];
        if (findings.Count == 0)
        {
            findings.Add(new Finding("Header", Severity.Good, "Header, lines and body are as they should be.", null, null));
        }
        return asksDns && MayAskDns
            ? await AuthenticateAsync(message, mime, address, findings, cancellationToken)
            : new CheckedMessage(null, null, null, null, findings);
    }

    public void Dispose() => _oneMessage.Dispose();

    private ContentScan? Scan(string id)
    {
        using Stream? content = store.OpenContent(id);
        return content is null ? null : ContentScan.Read(content);
    }

    private async ValueTask<CheckedMessage> AuthenticateAsync(
        StoredMessage message, StoredMime mime, IPAddress? address, List<Finding> findings, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(MaxDnsTime);
        var authentication = new List<Finding>();
        string? spf = null;
        string? dkim = null;
        string? dmarc = null;
        string? arc = null;
        try
        {
            SpfVerdict? verdict = await CheckSpfAsync(message, address, authentication, limited.Token);
            spf = verdict is null ? "none" : NameOf(verdict.Result);
            (dkim, arc, IReadOnlyList<string> signers) = await CheckSignaturesAsync(message, mime, authentication, limited.Token);
            dmarc = await CheckDmarcAsync(mime, verdict is { Result: SpfResult.Pass } ? verdict.Domain
                : null, signers, authentication, limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            authentication.Add(new Finding("DNS", Severity.Warning,
                $"DNS took more than {MaxDnsTime.TotalSeconds:0} seconds; the checks were given up.", null, "RFC 7208 section 4.6.4"));
            (spf, dkim, dmarc, arc) = (spf ?? "temperror", dkim ?? "temperror", dmarc ?? "temperror", arc ?? "none");
        }
        return new CheckedMessage(spf, dkim, dmarc, arc, [.. authentication, .. findings]);
    }

    private async ValueTask<SpfVerdict?> CheckSpfAsync(
        StoredMessage message, IPAddress? address, List<Finding> findings, CancellationToken cancellationToken)
    {
        if (address is null && !IPAddress.TryParse(message.PeerAddress, out address))
        {
            findings.Add(new Finding("SPF", Severity.Note, "The message came over a Unix socket: there is no address to look at.", null,
                "RFC 7208 section 2.3"));
            return null;
        }
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        // RFC 7208 section 2.4.
        string sender = message.From.Contains('@', StringComparison.Ordinal) ? message.From : $"postmaster@{message.Hello.Name}";
        string domain = sender[(sender.LastIndexOf('@') + 1)..];
        var check = new SpfCheck(names, new SpfQuestion(address, sender, message.Hello.Name));
        SpfVerdict verdict = (await check.CheckAsync(domain, cancellationToken)) with { Domain = domain };
        string looked = string.Create(CultureInfo.InvariantCulture, $" ({check.Lookups} of 10 lookups)");
        findings.Add(new Finding("SPF", SeverityOf(verdict.Result), $"{NameOf(verdict.Result)}: {verdict.Because}{looked}",
            $"{domain} from {address}", "RFC 7208 section 2.6"));
        if (IPAddress.IsLoopback(address))
        {
            findings.Add(new Finding(
                "SPF",
                Severity.Note,
                "The peer is this machine; a receiver would see the address that you send from. Say which, to know what it would find.",
                $"{address}",
                null));
        }
        return verdict;
    }

    private async ValueTask<(string Dkim, string Arc, IReadOnlyList<string> Signers)> CheckSignaturesAsync(
        StoredMessage message, StoredMime mime, List<Finding> findings, CancellationToken cancellationToken)
    {
        if (!mime.Header.Any(field => field.Name.Equals("DKIM-Signature", StringComparison.OrdinalIgnoreCase)))
        {
            findings.Add(new Finding("DKIM", Severity.Warning, "none: The message is not signed.", null, "RFC 6376 section 1"));
            return ("none", "none", []);
        }
        if (message.Size > MaxSignedOctets || mime.Notes.Count > 0)
        {
            findings.Add(
                new Finding("DKIM", Severity.Note, "The message is too large, or made of too many parts, to look at its signatures.", null, null));
            return ("none", "none", []);
        }
        await _oneMessage.WaitAsync(cancellationToken);
        try
        {
            if (await Task.Run(() => Load(message.Id), cancellationToken) is not { } parsed)
            {
                return ("none", "none", []);
            }
            using (parsed)
            {
                return await CheckSignaturesAsync(parsed, findings, cancellationToken);
            }
        }
        finally
        {
            _oneMessage.Release();
        }
    }

    private async ValueTask<(string Dkim, string Arc, IReadOnlyList<string> Signers)> CheckSignaturesAsync(
        MimeMessage parsed, List<Finding> findings, CancellationToken cancellationToken)
    {
        var check = new DkimCheck(names, time);
        IReadOnlyList<DkimVerdict> verdicts = await check.CheckAsync(parsed, cancellationToken);
        foreach (DkimVerdict verdict in verdicts)
        {
            Severity severity = verdict.Result switch
            {
                "pass" => Severity.Good,
                "temperror" => Severity.Warning,
                _ => Severity.Problem,
            };
            findings.Add(new Finding("DKIM", severity, $"{verdict.Result}: {verdict.Because}", $"{verdict.Selector}._domainkey.{verdict.Domain}",
                "RFC 6376 section 6.1"));
        }
        string arc = await check.CheckChainAsync(parsed, cancellationToken);
        if (arc != "none")
        {
            findings.Add(new Finding("ARC", arc == "pass" ? Severity.Good : Severity.Problem,
                $"{arc}: The chain of those who passed the message on {(arc == "pass" ? "is whole" : "is broken")}.", null, "RFC 8617 section 5.2"));
        }
        string[] signers = [.. verdicts.Where(verdict => verdict.Result == "pass").Select(verdict => verdict.Domain)];
        return (signers.Length > 0 ? "pass" : verdicts[0].Result, arc, signers);
    }

    private async ValueTask<string> CheckDmarcAsync(
        StoredMime mime, string? spf, IReadOnlyList<string> signers, List<Finding> findings, CancellationToken cancellationToken)
    {
        string[] authors = mime.Field("From") is { } from && InternetAddressList.TryParse(from, out InternetAddressList? list)
            ? [.. list.Mailboxes.Select(mailbox => mailbox.Domain).Where(domain => domain.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)]
            : [];
        if (authors.Length != 1)
        {
            findings.Add(new Finding(
                "DMARC",
                Severity.Problem,
                $"permerror: From names {(authors.Length == 0 ? "no domain" : "several domains")}; a receiver cannot tell whose policy it is.",
                "From",
                "RFC 7489 section 6.6.1"));
            return "permerror";
        }
        DmarcVerdict verdict = await DmarcCheck.CheckAsync(names, authors[0], spf, signers, cancellationToken);
        Severity severity = verdict.Result switch
        {
            "pass" => Severity.Good,
            "fail" => Severity.Problem,
            _ => Severity.Warning,
        };
        findings.Add(new Finding("DMARC", severity, $"{verdict.Result}: {verdict.Because}", authors[0], "RFC 9989 section 5.3"));
        return verdict.Result;
    }

    private MimeMessage? Load(string id)
    {
        using Stream? content = store.OpenContent(id);
        if (content is null)
        {
            return null;
        }
        ParserOptions options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = messages.Limits.Depth;
        try
        {
            return MimeMessage.Load(options, content);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string NameOf(SpfResult result) => result.ToString().ToLowerInvariant();

    private static Severity SeverityOf(SpfResult result) => result switch
    {
        SpfResult.Pass => Severity.Good,
        SpfResult.Neutral or SpfResult.None or SpfResult.SoftFail or SpfResult.TempError => Severity.Warning,
        _ => Severity.Problem,
    };
}
