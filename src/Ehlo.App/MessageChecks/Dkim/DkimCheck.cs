using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.MessageChecks.Dns;
using MimeKit;
using MimeKit.Cryptography;

namespace Ehlo.App.MessageChecks.Dkim;

/// <param name="Result">pass, fail, permerror or temperror, as an Authentication-Results field names it.</param>
/// <param name="Domain">The d= tag, or "" where there is none.</param>
internal sealed record DkimVerdict(string Result, string Domain, string Selector, string Because);

/// <summary>Signatures of a message, by MimeKit: RFC 6376 section 6.1, and the chain of RFC 8617 section 5.2.</summary>
internal sealed class DkimCheck(INameLookup names, TimeProvider time)
{
    // RFC 6376 section 6.1 lets a verifier limit them; each may ask DNS. Real mail has one to four.
    private const int MaxSignatures = 10;

    public async ValueTask<IReadOnlyList<DkimVerdict>> CheckAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        var verdicts = new List<DkimVerdict>();
        foreach (Header signature in message.Headers.Where(header => header.Id == HeaderId.DkimSignature).Take(MaxSignatures))
        {
            verdicts.Add(await CheckAsync(message, signature, cancellationToken));
        }
        return verdicts;
    }

    /// <summary>pass, fail or none.</summary>
    public async ValueTask<string> CheckChainAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        if (!message.Headers.Contains("ARC-Seal"))
        {
            return "none";
        }
        try
        {
            ArcValidationResult result = await new ArcVerifier(new DkimKeys(names)).VerifyAsync(message, cancellationToken);
            return result.Chain == ArcSignatureValidationResult.Pass ? "pass" : "fail";
        }
        catch (Exception exception) when (exception is FormatException or NoKeyException or ArgumentException or InvalidOperationException)
        {
            return "fail";
        }
    }

    private async ValueTask<DkimVerdict> CheckAsync(MimeMessage message, Header signature, CancellationToken cancellationToken)
    {
        TagList tags = TagList.Parse(signature.Value);
        var keys = new DkimKeys(names);
        string domain = tags["d"] ?? "";
        string selector = tags["s"] ?? "";
        try
        {
            var verifier = new ExplainingVerifier(keys, time);
            return await verifier.VerifyAsync(message, signature, cancellationToken)
                ? new DkimVerdict("pass", domain, selector, Describe(tags))
                : new DkimVerdict("fail", domain, selector, verifier.Explain(message, tags));
        }
        catch (NoKeyException exception)
        {
            return new DkimVerdict(keys.IsTemporary ? "temperror" : "permerror", domain, selector, exception.Message);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException
            or Org.BouncyCastle.Security.GeneralSecurityException)
        {
            return new DkimVerdict("permerror", domain, selector, $"The field is malformed: {exception.Message}");
        }
    }

    private static string Describe(TagList tags) =>
        $"The signature is good ({tags["a"]}, {tags["c"] ?? "simple/simple"})"
            + (tags["l"] is { } length ? $"; it covers {length} octets of the body only." : ".");

    // RFC 6376 section 3.7: lines end with CRLF, however MimeKit would write them.
    private static FormatOptions Dos()
    {
        FormatOptions options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return options;
    }

    private sealed class ExplainingVerifier(IDkimPublicKeyLocator keys, TimeProvider time) : DkimVerifier(keys)
    {
        public string Explain(MimeMessage message, TagList tags)
        {
            if (tags["x"] is { } end && long.TryParse(end, out long seconds) && time.GetUtcNow().ToUnixTimeSeconds() > seconds)
            {
                return "It has expired.";
            }
            if (tags["a"] == "rsa-sha1")
            {
                // RFC 8301 section 3.1.
                return "rsa-sha1 is not accepted any more.";
            }
            DkimCanonicalizationAlgorithm body = tags["c"]?.EndsWith("/relaxed", StringComparison.OrdinalIgnoreCase) == true
                ? DkimCanonicalizationAlgorithm.Relaxed
                : DkimCanonicalizationAlgorithm.Simple;
            DkimSignatureAlgorithm algorithm = tags["a"] == "ed25519-sha256" ? DkimSignatureAlgorithm.Ed25519Sha256
                : DkimSignatureAlgorithm.RsaSha256;
            int length = int.TryParse(tags["l"], out int octets) ? octets : -1;
            return VerifyBodyHash(Dos(), message, algorithm, body, length, tags["bh"] ?? "")
                ? "The body is as it was signed; a signed header field was changed, or the key is not the signer's."
                : "The body is not as it was signed.";
        }
    }
}
