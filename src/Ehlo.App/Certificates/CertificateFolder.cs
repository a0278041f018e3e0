// The folder:
//
//   ca.pem          the authority, for those who shall trust it
//   ca.key          its key, for its owner alone
//   server.pem      the certificate
//   server.key      its key, for its owner alone
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ehlo.App.Inbox;

namespace Ehlo.App.Certificates;

/// <summary>The folder with an authority of the user's own and the certificate that it made.</summary>
internal sealed class CertificateFolder(string path)
{
    // What is left to replace a certificate in, before somebody finds it expired.
    private static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(30);

    private readonly DurableFiles _files = new(null);

    public string AuthorityFile { get; } = Path.Combine(path, "ca.pem");

    public string AuthorityKeyFile { get; } = Path.Combine(path, "ca.key");

    public string CertificateFile { get; } = Path.Combine(path, "server.pem");

    public string KeyFile { get; } = Path.Combine(path, "server.key");

    /// <summary>The names of the certificate that is there; none without one.</summary>
    /// <exception cref="StartException">It cannot be read.</exception>
    public IReadOnlyList<ServerName> Names() => Guarded(CertificateFile, () =>
    {
        if (!File.Exists(CertificateFile)) return (IReadOnlyList<ServerName>)[];
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(CertificateFile);
        X509SubjectAlternativeNameExtension? names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        IEnumerable<string> addresses = (names?.EnumerateIPAddresses() ?? []).Select(address => address.ToString());
        IEnumerable<string> texts = (names?.EnumerateDnsNames() ?? []).Concat(addresses);
        return [.. texts.Select(text => ServerName.TryParse(text, out ServerName? name) ? name : null).OfType<ServerName>()];
    });

    /// <summary>Makes a certificate, and the authority where there is none.</summary>
    /// <exception cref="StartException">A file is in the way, or cannot be written.</exception>
    public CertificateResult Make(IReadOnlyList<ServerName> names, TimeSpan life, string machine, DateTimeOffset now)
    {
        CreateFolder();
        bool isNew = !File.Exists(AuthorityFile) && !File.Exists(AuthorityKeyFile);
        using CertificateAuthority authority = isNew ? CertificateAuthority.Make(machine, now) : ReadAuthority();
        if (authority.ValidUntil < now + RenewedBefore)
        {
            throw new StartException(
                $"the authority in {AuthorityFile} ends on {authority.ValidUntil:yyyy-MM-dd}; remove it and {AuthorityKeyFile} to make another, "
                + "which has to be trusted anew");
        }
        if (isNew) Write(authority.Export(), AuthorityFile, AuthorityKeyFile);
        DateTimeOffset until = now + life < authority.ValidUntil ? now + life : authority.ValidUntil;
        Write(authority.Issue(names, life, now), CertificateFile, KeyFile);
        return new CertificateResult(isNew, authority.ValidUntil, until);
    }

    /// <summary>Whether the certificate is there, has these names, and is not about to end.</summary>
    public bool IsGoodFor(IReadOnlyList<ServerName> names, DateTimeOffset now)
    {
        if (!File.Exists(KeyFile) || !names.ToHashSet().SetEquals(Names())) return false;
        return Guarded(CertificateFile, () =>
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(CertificateFile);
            return certificate.NotAfter > now + RenewedBefore;
        });
    }

    private CertificateAuthority ReadAuthority() => Guarded(
        $"{AuthorityFile} with {AuthorityKeyFile}",
        () => CertificateAuthority.Read(File.ReadAllText(AuthorityFile), File.ReadAllText(AuthorityKeyFile)));

    private void CreateFolder() => Guarded(path, () =>
    {
        // The keys are in it; those who shall trust the authority get a copy of its certificate.
        if (OperatingSystem.IsWindows()) return Directory.CreateDirectory(path);
        return Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    });

    // Each as a whole, so that a server which reads them meanwhile finds the old pair, the new pair, or two that do not fit, which it leaves be.
    private void Write(PemPair pair, string certificateFile, string keyFile)
    {
        Replace(keyFile, pair.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Replace(certificateFile, pair.Certificate, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Guarded(path, () =>
        {
            _files.FlushFolder(path);
            return true;
        });
    }

    private static void Replace(string file, string text, UnixFileMode mode) => Guarded(file, () =>
    {
        string unfinished = file + ".new";
        // The mode is that of a file which is made: one that a crash left behind keeps its own.
        File.Delete(unfinished);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using (StreamWriter writer = new(unfinished, options))
        {
            writer.Write(text);
            writer.Flush();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
        }
        File.Move(unfinished, file, overwrite: true);
        return true;
    });

    private static T Guarded<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new StartException($"{what}: {exception.Message}", exception);
        }
    }
}

/// <param name="IsNewAuthority">Whether the authority was made as well.</param>
/// <param name="AuthorityUntil">When the authority ends.</param>
/// <param name="Until">When the certificate ends.</param>
internal sealed record CertificateResult(bool IsNewAuthority, DateTimeOffset AuthorityUntil, DateTimeOffset Until);
