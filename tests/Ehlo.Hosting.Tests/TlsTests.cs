using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Ehlo.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ehlo.Hosting.Tests;

/// <summary>TLS in a hosted server: certificates out of files, and what is measured of handshakes.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-hosting-tls-").FullName;
    private int _written;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_renewed_certificate_is_shown_without_a_restart()
    {
        Write("old.example");
        await using TestHost host = await StartAsync();
        Assert.Equal("CN=old.example", await ShownAsync(host));
        Write("new.example");
        Assert.Equal("CN=old.example", await ShownAsync(host));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=new.example", await ShownAsync(host));
        // Half a renewal: the certificate is not the key's. The one before serves on.
        Write("third.example", withKey: false);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=new.example", await ShownAsync(host));
    }

    [Fact]
    public async Task Handshakes_are_counted_with_their_version_and_outcome()
    {
        Write("mx.example");
        ConcurrentQueue<(string Name, string Tags)> measured = new();
        using MeterListener listener = new();
        await using TestHost host = await StartAsync();
        IMeterFactory factory = host.Services.GetRequiredService<IMeterFactory>();
        // Other tests run at the same time, and have meters of their own.
        listener.InstrumentPublished = (instrument, published) =>
        {
            bool isWanted = instrument.Name is "smtp.server.tls.handshakes" or "smtp.server.session.duration";
            if (isWanted && instrument.Meter.Scope == factory) published.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Keep(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, tags));
        listener.Start();
        await HandshakeAsync(host, SslProtocols.Tls13);
        await HandshakeAsync(host, SslProtocols.Tls12);
        TestClient failing = await (await host.ConnectAsync()).BeginAsync("STARTTLS");
        await failing.SendAsync("this is no handshake at all\r\n");
        await failing.RestAsync();
        await host.StopAsync();
        Assert.Equal(
            ["tls.protocol.version=1.2 smtp.tls.outcome=success", "tls.protocol.version=1.3 smtp.tls.outcome=success",
                "tls.protocol.version=none smtp.tls.outcome=failure"],
            measured.Where(one => one.Name == "smtp.server.tls.handshakes").Select(one => one.Tags).Order());
        Assert.Equal(
            ["tls.protocol.version=1.2", "tls.protocol.version=1.3", "tls.protocol.version=none"],
            measured.Where(one => one.Name == "smtp.server.session.duration").Select(one => one.Tags).Order());

        void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured.Enqueue((instrument.Name, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task The_log_says_why_a_handshake_failed()
    {
        Write("mx.example");
        await using TestHost host = await StartAsync();
        TestClient client = await (await host.ConnectAsync()).BeginAsync("STARTTLS");
        await using SslStream tls = new(new NetworkStream(client.Socket!));
        // A suite that the platform has, and does not offer unless it is told to.
        SslClientAuthenticationOptions options = new() { CipherSuitesPolicy = new([TlsCipherSuite.TLS_AES_128_CCM_SHA256]) };
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(options).Within("the alert"));
        await host.StopAsync();
        string text = Assert.Single(host.Entries, entry => entry.Id == 15).Text;
        Assert.Contains("no shared cipher", text, StringComparison.Ordinal);
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_clock).AddSingleton<Journal>().AddScoped<Scoped>();
            builder.UseHandler<TestHandler>();
        },
        ("Listeners:0:Tls", "StartTls"),
        ("Listeners:0:Certificates:0:Certificate", Path.Combine(_folder, "cert.pem")),
        ("Listeners:0:Certificates:0:PrivateKey", Path.Combine(_folder, "key.pem")));

    private static async Task<string> ShownAsync(TestHost host)
    {
        TestClient client = await (await host.ConnectAsync()).BeginAsync("STARTTLS");
        await client.UpgradeAsync();
        string subject = client.Tls.RemoteCertificate!.Subject;
        await client.AskAsync("QUIT");
        return subject;
    }

    private static async Task HandshakeAsync(TestHost host, SslProtocols protocol)
    {
        TestClient client = await (await host.ConnectAsync()).BeginAsync("STARTTLS");
        await client.UpgradeAsync(protocols: protocol);
        await client.AskAsync("QUIT");
    }

    // Each later than what was written before.
    private void Write(string name, bool withKey = true)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        Write("cert.pem", certificate.ExportCertificatePem(), now);
        if (withKey) Write("key.pem", key.ExportPkcs8PrivateKeyPem(), now);
    }

    private void Write(string file, string text, DateTimeOffset now)
    {
        string path = Path.Combine(_folder, file);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, now.UtcDateTime.AddSeconds(++_written));
    }
}
