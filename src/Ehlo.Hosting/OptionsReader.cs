using System;
using Microsoft.Extensions.Configuration;

namespace Ehlo.Hosting;

/// <summary>Reads the server's options from a section of the configuration.</summary>
internal sealed class OptionsReader(SmtpHostOptions options)
{
    private readonly SectionReader _reader = new(options.Misread);

    public void Read(IConfigurationSection section)
    {
        options.Path = section.Path;
        // The senders have their sections in the one that the server has in all examples.
        bool hasSenders = section.Path.Equals(SenderOptionsReader.Parent, StringComparison.OrdinalIgnoreCase);
        _reader.CheckKeys(section, [nameof(options.ServerName), nameof(options.Listeners), nameof(options.Limits), nameof(options.Timeouts),
            nameof(options.Chunking), nameof(options.BinaryMime), nameof(options.SmtpUtf8), nameof(options.RunOnEventLoop),
            .. hasSenders ? [SenderOptionsReader.Sender, SenderOptionsReader.Senders] : Array.Empty<string>()]);
        options.ServerName = section[nameof(options.ServerName)] ?? options.ServerName;
        options.Chunking = _reader.Read(section, nameof(options.Chunking), options.Chunking);
        options.BinaryMime = _reader.Read(section, nameof(options.BinaryMime), options.BinaryMime);
        options.SmtpUtf8 = _reader.Read(section, nameof(options.SmtpUtf8), options.SmtpUtf8);
        options.RunOnEventLoop = _reader.Read(section, nameof(options.RunOnEventLoop), options.RunOnEventLoop);
        options.Limits = _reader.ReadAll(section.GetSection(nameof(options.Limits)), options.Limits, new());
        options.Timeouts = _reader.ReadAll(section.GetSection(nameof(options.Timeouts)), options.Timeouts, new());
        foreach (IConfigurationSection item in section.GetSection(nameof(options.Listeners)).GetChildren())
            options.Listeners.Add(ReadListener(item));
    }

    private SmtpHostListener ReadListener(IConfigurationSection section)
    {
        SmtpHostListener listener = new();
        _reader.CheckKeys(section, nameof(listener.Endpoint), nameof(listener.Tls), nameof(listener.Certificates), nameof(listener.RequireTls),
            nameof(listener.RequireAuthentication), nameof(listener.AllowPlaintextAuthentication));
        listener.Endpoint = section[nameof(listener.Endpoint)] ?? "";
        listener.Tls = _reader.Read(section, nameof(listener.Tls), listener.Tls);
        listener.RequireTls = _reader.Read(section, nameof(listener.RequireTls), false);
        listener.RequireAuthentication = _reader.Read(section, nameof(listener.RequireAuthentication), false);
        listener.AllowPlaintextAuthentication = _reader.Read(section, nameof(listener.AllowPlaintextAuthentication), false);
        foreach (IConfigurationSection item in section.GetSection(nameof(listener.Certificates)).GetChildren())
        {
            SmtpHostCertificate certificate = new();
            _reader.CheckKeys(item, nameof(certificate.Certificate), nameof(certificate.PrivateKey));
            certificate.Certificate = item[nameof(certificate.Certificate)] ?? "";
            certificate.PrivateKey = item[nameof(certificate.PrivateKey)] ?? "";
            listener.Certificates.Add(certificate);
        }
        return listener;
    }
}
