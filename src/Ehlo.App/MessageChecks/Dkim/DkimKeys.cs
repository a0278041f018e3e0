using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.MessageChecks.Dns;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;

namespace Ehlo.App.MessageChecks.Dkim;

/// <summary>Public keys of signers, out of DNS. RFC 6376 section 3.6.2.</summary>
internal sealed class DkimKeys(INameLookup names) : DkimPublicKeyLocatorBase
{
    /// <summary>Why the last key that was asked for is not to be had, or null.</summary>
    public string? Missing { get; private set; }

    /// <summary>Whether that is for now only.</summary>
    public bool IsTemporary { get; private set; }

    public override AsymmetricKeyParameter LocatePublicKey(
        string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("DNS is asked without holding a thread.");

    public override async Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
        string methods, string domain, string selector, CancellationToken cancellationToken = default)
    {
        string name = $"{selector}._domainkey.{domain}";
        NameAnswer answer = await names.AskAsync(name, NameRecord.Txt, cancellationToken);
        (Missing, IsTemporary) = answer.Status switch
        {
            NameStatus.Found => (null, false),
            NameStatus.Nothing => ($"There is no key at {name}.", false),
            _ => ($"DNS gave no answer for {name}.", true),
        };
        if (Missing is not null)
        {
            throw new NoKeyException(Missing);
        }
        try
        {
            return GetPublicKey(answer.Values[0]);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            // An empty p= is a key that was withdrawn: RFC 6376 section 3.6.1.
            Missing = answer.Values[0].Split(';', StringSplitOptions.TrimEntries).Any(tag => tag is "p=" or "p =")
                ? $"The key at {name} was withdrawn."
                : $"What stands at {name} is no key.";
            throw new NoKeyException(Missing);
        }
    }

}

/// <summary>There is no public key for a signature; the message says why.</summary>
internal sealed class NoKeyException(string message) : Exception(message);
