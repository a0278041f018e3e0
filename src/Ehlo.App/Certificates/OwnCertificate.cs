using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ehlo.App.Configuration;

namespace Ehlo.App.Certificates;

/// <summary><c>ehlo serve --starttls</c>: a certificate of the program's own, for listeners that have none.</summary>
internal static class OwnCertificate
{
    /// <summary>A year: the next start within its last month makes another.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>What this machine is called by those on it.</summary>
    public static IReadOnlyList<ServerName> DefaultNames(string machine)
    {
        string[] texts = ["localhost", machine, "127.0.0.1", "::1"];
        return [.. texts.Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(text => ServerName.TryParse(text, out ServerName? name) ? name : null).OfType<ServerName>()];
    }

    /// <summary>The options with STARTTLS on each listener that has no TLS; makes or renews the certificate in the data folder.</summary>
    /// <param name="options">Of a data folder that this process owns.</param>
    /// <exception cref="StartException">The certificate cannot be made.</exception>
    public static ServeOptions Apply(ServeOptions options, string machine, DateTimeOffset now, TextWriter error)
    {
        CertificateFolder folder = new(Path.Combine(options.DataDirectory, "certificates"));
        IReadOnlyList<ServerName> names = DefaultNames(options.ServerName);
        if (!folder.IsGoodFor(names, now)) folder.Make(names, Life, machine, now);
        error.WriteLine($"ehlo: STARTTLS with a certificate for {string.Join(", ", names)}; clients trust it by {folder.AuthorityFile}");
        CertificateOptions certificate = new(folder.CertificateFile, folder.KeyFile);
        return options with
        {
            Listeners =
            [
                .. options.Listeners.Select(listener => listener.Tls is ListenerTls.None
                    ? listener with { Tls = ListenerTls.StartTls, Certificates = [certificate] }
                    : listener),
            ],
        };
    }
}
