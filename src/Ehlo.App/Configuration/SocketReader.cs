using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ehlo.App.Configuration;

/// <summary>Reads what a listener does before a session begins.</summary>
internal sealed class SocketReader(SectionReader listener)
{
    // RFC 5321 section 4.5.3.2.1: clients wait five minutes for the greeting, but not all do.
    private static readonly TimeSpan MostDelay = TimeSpan.FromMinutes(1);

    public TimeSpan ReadGreetingDelay() => listener.Duration("GreetingDelay", TimeSpan.Zero, TimeSpan.Zero, MostDelay);

    /// <summary>Addresses, or networks such as 192.0.2.0/24.</summary>
    public IReadOnlyList<IPNetwork> ReadProxyProtocol(EndpointAddress? endpoint)
    {
        IReadOnlyList<IPNetwork> networks = new NetworksReader(listener).Read("ProxyProtocol");
        if (networks.Count > 0 && endpoint?.Kind == EndpointKind.Unix)
        {
            listener.Problem("ProxyProtocol", "cannot be used on a Unix socket, whose peers have no address");
        }
        return networks;
    }

    /// <summary>Null where clients are not asked for a certificate.</summary>
    public ClientCertificatesOptions? ReadClientCertificates(ListenerTls tls, Func<string, SectionReader, string?> readPath)
    {
        if (!listener.Has("ClientCertificates"))
        {
            return null;
        }
        SectionReader section = listener.Section("ClientCertificates");
        ClientCertificateMode mode = section.OneOf("Mode", ClientCertificateMode.Request, "None, Request or Require");
        string? roots = readPath("Roots", section);
        section.RefuseTheRest();
        if (roots is not null && WhyUnusable(roots) is { } reason)
        {
            section.Problem("Roots", reason);
        }
        if (mode == ClientCertificateMode.None)
        {
            return null;
        }
        if (tls == ListenerTls.None)
        {
            listener.Problem("ClientCertificates", "cannot be asked for with Tls None");
        }
        return new ClientCertificatesOptions(mode == ClientCertificateMode.Require, roots);
    }

    private static string? WhyUnusable(string file)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPemFile(file);
            return certificates.Count == 0 ? $"{file} holds no certificate as PEM" : null;
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
        {
            return $"{file} does not hold certificates as PEM: {exception.Message}";
        }
    }
}
