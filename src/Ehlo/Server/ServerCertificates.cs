using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace Ehlo.Server;

/// <summary>
/// The certificates of a listener. The one whose names match what the client asks for is used, else the first (RFC 6066 section 3).
/// Those from files are read again when the files change, so that a renewal needs no restart.
/// </summary>
public sealed class ServerCertificates
{
    // A handshake costs a millisecond and more; looking at the files this often costs nothing beside it, and a renewal is soon seen.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Func<Entry[]> _load;
    private readonly string[] _files;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private Entry[] _entries;
    private DateTime[] _written;
    private long _lookedAt;

    private sealed record Entry(SslStreamCertificateContext Context, X509Certificate2 Certificate);

    /// <summary>Uses certificates as they are, each with its private key.</summary>
    /// <exception cref="ArgumentException">There is none, or one without a private key.</exception>
    public ServerCertificates(params IReadOnlyList<X509Certificate2> certificates)
        : this(() => [.. certificates.Select(certificate => NewEntry(certificate, []))], [], TimeProvider.System)
    {
    }

    private ServerCertificates(Func<Entry[]> load, string[] files, TimeProvider timeProvider)
    {
        (_load, _files, _timeProvider) = (load, files, timeProvider);
        // The times first: a file that changes while it is read must be seen as changed at the next look.
        _written = Written();
        _entries = load();
        if (_entries.Length == 0) throw new ArgumentException("At least one certificate is needed.");
        _lookedAt = timeProvider.GetTimestamp();
    }

    /// <summary>Uses PEM files.</summary>
    /// <param name="files">A file with the certificate, and behind it those of its issuers, and a file with the private key.</param>
    /// <param name="timeProvider">The clock by which files are looked at again, at most once a second; the system's by default.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should, or the two do not fit.</exception>
    public static ServerCertificates FromPemFiles(
        IReadOnlyList<(string Certificate, string PrivateKey)> files, TimeProvider? timeProvider = null) =>
        new(() => [.. files.Select(pair => Read(pair.Certificate, pair.PrivateKey))],
            [.. files.SelectMany(pair => new[] { pair.Certificate, pair.PrivateKey })],
            timeProvider ?? TimeProvider.System);

    /// <summary>The certificate for the name that a client asks for; null where it asks for none.</summary>
    internal SslStreamCertificateContext Choose(string? serverName)
    {
        Reload();
        Entry[] entries = _entries;
        // A client may send anything as a name, and a name that cannot be one matches nothing.
        Entry? match = serverName is null || Uri.CheckHostName(serverName) is UriHostNameType.Unknown
            ? null
            : Array.Find(entries, entry => entry.Certificate.MatchesHostname(serverName, allowWildcards: true, allowCommonName: true));
        return (match ?? entries[0]).Context;
    }

    private void Reload()
    {
        if (_files.Length == 0) return;
        lock (_gate)
        {
            if (_timeProvider.GetElapsedTime(_lookedAt) < LookInterval) return;
            _lookedAt = _timeProvider.GetTimestamp();
            try
            {
                DateTime[] written = Written();
                if (written.SequenceEqual(_written)) return;
                _entries = _load();
                _written = written;
            }
            catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
            {
                // Half of a renewal, most likely: the old certificates serve on, and the files are looked at again.
            }
        }
    }

    private DateTime[] Written() => [.. _files.Select(File.GetLastWriteTimeUtc)];

    private static Entry Read(string certificateFile, string keyFile)
    {
        X509Certificate2 certificate = Pair(certificateFile, keyFile);
        if (OperatingSystem.IsWindows())
        {
            // Schannel cannot use a key that exists in memory alone.
            certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(certificateFile);
        return NewEntry(certificate, [.. chain.Where(issuer => issuer.Thumbprint != certificate.Thumbprint)]);
    }

    private static X509Certificate2 Pair(string certificateFile, string keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }
        catch (ArgumentException exception)
        {
            // So the platform says of some kinds of keys that they do not fit the certificate.
            throw new CryptographicException($"{keyFile} is not the key of {certificateFile}.", exception);
        }
    }

    private static Entry NewEntry(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        if (!certificate.HasPrivateKey) throw new ArgumentException($"The certificate {certificate.Subject} has no private key.");
        return new(SslStreamCertificateContext.Create(certificate, chain, offline: true), certificate);
    }
}
