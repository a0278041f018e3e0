using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ehlo.App.Commands;
using Ehlo.Client;
using Ehlo.Sasl;

namespace Ehlo.App.Send;

/// <summary>Makes a destination and a connection's options of what was asked for.</summary>
internal sealed class TargetReader(ProgramContext context, List<string> problems)
{
    public static readonly string[] TlsNames = ["none", "offered", "required", "starttls", "implicit"];

    /// <summary>What the user is to know and what does not stop the sending.</summary>
    public List<string> Warnings { get; } = [];

    /// <param name="request">What was asked for.</param>
    /// <param name="isInputTaken">Whether standard input holds something else than a password.</param>
    /// <returns>Null where there is a problem.</returns>
    public SendRoute? Read(TargetRequest request, bool isInputTaken)
    {
        SendTarget target;
        try
        {
            target = SendTarget.Parse(request.Url);
        }
        catch (FormatException exception)
        {
            problems.Add($"the destination cannot be used: {exception.Message}");
            return null;
        }
        if (request.User is not null && target.User is not null && request.User != target.User)
            problems.Add("--user and the URL name two users");
        if (request is { IsInsecure: true, Authorities: not null }) problems.Add("--insecure takes any certificate, and --ca one that is checked");
        if (target.Destination.Tls is ClientTls.Implicit && request.Tls is not (null or "implicit"))
            problems.Add($"smtps:// is TLS from the first octet, and not --tls {request.Tls}");
        // Hello refuses others too, and would do so in the midst of a session.
        if (request.HelloName is { } name && (name.Length is 0 or > 255 || name.AsSpan().ContainsAnyExceptInRange('!', '~')))
            problems.Add("--helo is one word of printable ASCII");
        ServerTrust trust = new(ReadAuthorities(request.Authorities), request.IsInsecure);
        SaslClientMechanism[] mechanisms = [.. request.Mechanisms.Select(Mechanism).OfType<SaslClientMechanism>()];
        X509CertificateCollection? own = ReadClientCertificate(request);
        ClientProxy? proxy = ReadProxy(request.Proxy);
        // Asked last: whoever has to type it should not do so in vain.
        if (problems.Count > 0) return null;
        CredentialReader credentials = new(context, problems, Warnings);
        SaslCredential? credential = credentials.Read(request with { User = request.User ?? target.User }, target.Password, isInputTaken);
        if (problems.Count > 0) return null;
        bool verified = request.RequiresTls || request.Authorities is not null;
        SmtpDestination destination = target.With(ClientValues.Tls(request.Tls), credential is not null, verified)
            with
        { Credential = credential };
        trust.MustBeValid = destination.Tls is not ClientTls.WhenOffered;
        SmtpConnectionOptions options = new()
        {
            LocalName = request.HelloName,
            Timeouts = request.TimeoutSeconds is { } seconds ? ClientValues.Timeouts(TimeSpan.FromSeconds(seconds)) : new(),
            Mechanisms = mechanisms.Length > 0 ? mechanisms : SaslClientMechanisms.Default,
            AllowPlaintextAuthentication = request.AllowPlaintext,
            ClientCertificates = own,
            Proxy = proxy,
            CertificateValidation = trust.Decide,
            UseChunking = request.UseChunking,
            UsePipelining = request.UsePipelining,
            TimeProvider = context.Time,
        };
        return new(destination, options, trust);
    }

    private SaslClientMechanism? Mechanism(string name)
    {
        SaslClientMechanism? mechanism =
            SaslClientMechanisms.All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (mechanism is null)
            problems.Add($"--mechanism {name} is none of {string.Join(", ", SaslClientMechanisms.All.Select(known => known.Name))}");
        return mechanism;
    }

    private ClientProxy? ReadProxy(string? url)
    {
        try
        {
            return url is null ? null : ClientProxy.Parse(url);
        }
        catch (FormatException exception)
        {
            problems.Add($"--proxy cannot be used: {exception.Message}");
            return null;
        }
    }

    private X509Certificate2Collection? ReadAuthorities(string? file)
    {
        if (file is null) return null;
        X509Certificate2Collection authorities = [];
        ReadPem($"--ca {file}", () => authorities.ImportFromPemFile(Full(file)));
        if (problems.Count == 0 && authorities.Count == 0) problems.Add($"--ca {file}: there is no certificate in it");
        return authorities;
    }

    private X509CertificateCollection? ReadClientCertificate(TargetRequest request)
    {
        if (request.ClientCertificate is not { } file)
        {
            if (request.ClientKey is not null) problems.Add("--client-key goes with --client-certificate");
            return null;
        }
        X509CertificateCollection own = [];
        ReadPem($"--client-certificate {file}", () =>
        {
            string? key = request.ClientKey is null ? null : Full(request.ClientKey);
            using X509Certificate2 read = X509Certificate2.CreateFromPemFile(Full(file), key);
            // Schannel cannot use a key that exists in memory alone.
            own.Add(X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null));
        });
        return own;
    }

    private void ReadPem(string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problems.Add($"{what} cannot be used: {exception.Message}");
        }
    }

    private string Full(string path) => Path.GetFullPath(path, context.CurrentFolder);
}
