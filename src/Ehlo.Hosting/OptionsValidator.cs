using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Ehlo.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ehlo.Hosting;

/// <summary>Checks all options when the host starts, and says everything that is wrong at once, each with its path.</summary>
internal sealed class OptionsValidator(IHostEnvironment environment) : IValidateOptions<SmtpHostOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpHostOptions options)
    {
        List<string> failures = [.. options.Misread];
        if (options.Listeners.Count == 0) failures.Add($"{options.Path}:Listeners: at least one listener is needed.");
        for (int i = 0; i < options.Listeners.Count; i++) CheckListener(options.Listeners[i], $"{options.Path}:Listeners:{i}", failures);
        // What the server checks itself is asked of the server, one group at a time, so that the path can be told.
        Try(failures, $"{options.Path}:Limits", () => _ = Probe(new() { ServerName = "probe", Limits = options.Limits }));
        Try(failures, $"{options.Path}:Timeouts", () => _ = Probe(new() { ServerName = "probe", Timeouts = options.Timeouts }));
        Try(failures, $"{options.Path}:ServerName", () => _ = Probe(new() { ServerName = options.ServerName }));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static SmtpServer Probe(SmtpServerOptions options) => new(options, static _ => throw new InvalidOperationException());

    private void CheckListener(SmtpHostListener listener, string path, List<string> failures)
    {
        Try(failures, $"{path}:Endpoint", () => _ = SmtpListener.Parse(listener.Endpoint));
        if (listener.Tls is TlsMode.None && listener.RequireTls) failures.Add($"{path}:RequireTls: TLS is required and Tls is None.");
        if (listener.Tls is TlsMode.None && listener.Certificates.Count > 0)
            failures.Add($"{path}:Certificates: they have no use where Tls is None.");
        if (listener.Tls is not TlsMode.None && listener.Certificates.Count == 0 && listener.Configure is null)
            failures.Add($"{path}:Certificates: a certificate is needed where Tls is {listener.Tls}.");
        for (int i = 0; i < listener.Certificates.Count; i++) CheckCertificate(listener.Certificates[i], $"{path}:Certificates:{i}", failures);
    }

    private void CheckCertificate(SmtpHostCertificate certificate, string path, List<string> failures)
    {
        int before = failures.Count;
        foreach ((string key, string file) in new[] { ("Certificate", certificate.Certificate), ("PrivateKey", certificate.PrivateKey) })
        {
            if (file.Length == 0) failures.Add($"{path}:{key}: a file is needed.");
            else if (!File.Exists(FullPath(environment, file))) failures.Add($"{path}:{key}: there is no file '{FullPath(environment, file)}'.");
        }
        if (failures.Count == before) Try(failures, path, () => _ = Load(environment, [certificate]));
    }

    public static ServerCertificates Load(IHostEnvironment environment, IEnumerable<SmtpHostCertificate> certificates, TimeProvider? time = null) =>
        ServerCertificates.FromPemFiles(
            [.. certificates.Select(pair => (FullPath(environment, pair.Certificate), FullPath(environment, pair.PrivateKey)))], time);

    private static string FullPath(IHostEnvironment environment, string file) => Path.GetFullPath(file, environment.ContentRootPath);

    private static void Try(List<string> failures, string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception
            is ArgumentException or FormatException or IOException or CryptographicException or UnauthorizedAccessException)
        {
            failures.Add($"{path}: {exception.Message}");
        }
    }
}
