using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Which certificate a client is shown, and how one is renewed.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-certificates-").FullName;
    private int _written;

    private string CertificateFile => Path.Combine(_folder, "cert.pem");

    private string KeyFile => Path.Combine(_folder, "key.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("second.example", "second.example")]
    [InlineData("SECOND.example", "second.example")]
    [InlineData("a.third.example", "*.third.example")]
    [InlineData("a.b.third.example", "first.example")]
    [InlineData("third.example", "first.example")]
    [InlineData("unknown.example", "first.example")]
    [InlineData("", "first.example")]
    [InlineData(null, "first.example")]
    [InlineData("no name at all!", "first.example")]
    [InlineData("under_score.third.example", "*.third.example")]
    [InlineData("-", "first.example")]
    [InlineData("192.0.2.1", "first.example")]
    public void It_is_chosen_by_the_name_that_is_asked_for(string? name, string chosen) => Assert.Equal(
        $"CN={chosen}", TestCertificates.For("first.example", "second.example", "*.third.example").Choose(name).TargetCertificate.Subject);

    [Theory]
    [InlineData(null, "first.example")]
    [InlineData("second.example", "second.example")]
    [InlineData("a.third.example", "*.third.example")]
    public async Task A_client_is_shown_it(string? name, string shown)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        (listener.Tls, listener.Certificates) =
            (TlsMode.Implicit, TestCertificates.For("first.example", "second.example", "*.third.example"));
        await using TestServer server = new() { Listener = listener };
        TestClient client = server.Connect();
        await client.UpgradeAsync(name);
        Assert.Equal($"CN={shown}", client.Tls.RemoteCertificate!.Subject);
        await client.ExpectAsync("220");
    }

    [Fact]
    public void Renewed_files_are_seen_after_a_moment_and_without_a_restart()
    {
        Write("old.example", "old.example");
        ServerCertificates certificates = ServerCertificates.FromPemFiles([(CertificateFile, KeyFile)], _clock);
        Write("new.example", "new.example");
        Assert.Equal("CN=old.example", certificates.Choose(null).TargetCertificate.Subject);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=new.example", certificates.Choose(null).TargetCertificate.Subject);
    }

    [Theory]
    [InlineData("another key")]
    [InlineData("empty certificate")]
    [InlineData("half a certificate")]
    [InlineData("empty key")]
    [InlineData("no key")]
    [InlineData("no certificate")]
    public void Half_a_renewal_keeps_the_old_until_it_is_whole(string half)
    {
        Write("old.example", "old.example");
        ServerCertificates certificates = ServerCertificates.FromPemFiles([(CertificateFile, KeyFile)], _clock);
        Write("new.example", half is "another key" ? null : "new.example");
        switch (half)
        {
            case "empty certificate":
                File.WriteAllText(CertificateFile, "");
                break;
            case "half a certificate":
                File.WriteAllText(CertificateFile, File.ReadAllText(CertificateFile)[..200]);
                break;
            case "empty key":
                File.WriteAllText(KeyFile, "");
                break;
            case "no key":
                File.Delete(KeyFile);
                break;
            case "no certificate":
                File.Delete(CertificateFile);
                break;
        }
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=old.example", certificates.Choose(null).TargetCertificate.Subject);
        Write("new.example", "new.example");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=new.example", certificates.Choose(null).TargetCertificate.Subject);
    }

    [Fact]
    public void What_cannot_serve_is_said_at_once()
    {
        Assert.Throws<ArgumentException>(() => new ServerCertificates());
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(TestCertificates.Of("a.example").RawData);
        Assert.Throws<ArgumentException>(() => new ServerCertificates(withoutKey));
        Write("old.example", "old.example");
        Write("new.example", null);
        Assert.Throws<CryptographicException>(() => ServerCertificates.FromPemFiles([(CertificateFile, KeyFile)]));
        Assert.ThrowsAny<IOException>(() => ServerCertificates.FromPemFiles([(Path.Combine(_folder, "none.pem"), KeyFile)]));
    }

    // A certificate for the name, and the key where it is wanted too; each later than what was written before.
    private void Write(string name, string? key)
    {
        using ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", pair, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        if (key is not null) File.WriteAllText(KeyFile, pair.ExportPkcs8PrivateKeyPem());
        DateTime written = now.UtcDateTime.AddSeconds(++_written);
        File.SetLastWriteTimeUtc(CertificateFile, written);
        if (key is not null) File.SetLastWriteTimeUtc(KeyFile, written);
    }
}
