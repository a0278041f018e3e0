using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Ehlo.App.Tests.Send;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Certificates;

/// <summary><c>ehlo certificate</c>: what it leaves in its folder, and what others make of that.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly SendProgram _program;

    public CertificateTests() => _program = new SendProgram { Time = _clock };

    private string Folder => Path.Combine(_program.Folder, "ehlo-certificates");

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task It_makes_an_authority_and_a_certificate_for_this_machine()
    {
        Assert.Equal(0, await _program.RunAsync("certificate"));
        Assert.Equal(["ca.key", "ca.pem", "server.key", "server.pem"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        using X509Certificate2 made = Load();
        Assert.True(Verifies(made));
        string[] names = ["localhost", "client.test"];
        Assert.All(names.Append("127.0.0.1").Append("::1"), name => Assert.True(made.MatchesHostname(name), name));
        Assert.False(made.MatchesHostname("mx.example.org"));
        Assert.Contains($"\"Certificate\": \"{Path.Combine(Folder, "server.pem")}\"", _program.Output, StringComparison.Ordinal);
        Assert.Contains($"--ca {Path.Combine(Folder, "ca.pem")}", _program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_for_their_owner_alone_and_a_file_left_by_a_crash_does_not_change_that()
    {
        if (OperatingSystem.IsWindows()) return; // It has no such modes.
        Directory.CreateDirectory(Folder);
        const UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.WriteAllText(Path.Combine(Folder, "server.key.new"), "");
        File.SetUnixFileMode(Path.Combine(Folder, "server.key.new"), all);
        Assert.Equal(0, await _program.RunAsync("certificate"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, "server.key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, "ca.key")));
        Assert.Equal(all, File.GetUnixFileMode(Path.Combine(Folder, "ca.pem")));
    }

    [Fact]
    public async Task OpenSSL_finds_nothing_amiss_in_its_strictest_mode()
    {
        _program.Time = TimeProvider.System; // OpenSSL goes by its own clock.
        Assert.Equal(0, await _program.RunAsync("certificate", "mx.example.test", "--days", "825"));
        string[] arguments =
            ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "mx.example.test", "-CAfile", "ca.pem", "server.pem"];
        ProcessStartInfo start = new("openssl", arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process openssl = Process.Start(start)!;
        string said = await openssl.StandardOutput.ReadToEndAsync() + await openssl.StandardError.ReadToEndAsync();
        await openssl.WaitForExitAsync();
        Assert.Equal("server.pem: OK\n", said);
    }

    [Fact]
    public async Task Again_it_renews_the_certificate_for_the_same_names_and_keeps_the_authority()
    {
        Assert.Equal(0, await _program.RunAsync("certificate", "mx.example.test", "192.0.2.7", "*.lab.test", "--days", "10"));
        string authority = File.ReadAllText(Path.Combine(Folder, "ca.pem"));
        using X509Certificate2 first = Load();
        _clock.Advance(TimeSpan.FromDays(9));
        Assert.Equal(0, await _program.RunAsync("certificate"));
        using X509Certificate2 second = Load();
        Assert.Equal(authority, File.ReadAllText(Path.Combine(Folder, "ca.pem")));
        Assert.NotEqual(first.SerialNumber, second.SerialNumber);
        Assert.NotEqual(first.GetPublicKeyString(), second.GetPublicKeyString());
        Assert.Equal(_clock.GetUtcNow().AddDays(365).UtcDateTime, second.NotAfter.ToUniversalTime(), TimeSpan.FromSeconds(1));
        Assert.True(Verifies(second));
        Assert.True(second.MatchesHostname("mx.example.test"));
        Assert.True(second.MatchesHostname("192.0.2.7"));
        Assert.True(second.MatchesHostname("a.lab.test"));
        Assert.False(second.MatchesHostname("localhost"));
    }

    [Fact]
    public async Task An_authority_that_is_about_to_end_makes_nothing_more()
    {
        Assert.Equal(0, await _program.RunAsync("certificate"));
        using X509Certificate2 made = Load();
        _clock.Advance(TimeSpan.FromDays(3650 - 29));
        Assert.Equal(1, await _program.RunAsync("certificate"));
        Assert.Contains("has to be trusted anew", _program.Error, StringComparison.Ordinal);
        using X509Certificate2 kept = Load();
        Assert.Equal(made.SerialNumber, kept.SerialNumber);
    }

    [Fact]
    public async Task No_certificate_outlives_its_authority()
    {
        Assert.Equal(0, await _program.RunAsync("certificate"));
        _clock.Advance(TimeSpan.FromDays(3650 - 100));
        Assert.Equal(0, await _program.RunAsync("certificate", "--days", "200"));
        using X509Certificate2 made = Load();
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Folder, "ca.pem"));
        Assert.Equal(authority.NotAfter, made.NotAfter);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("mx..test")]
    [InlineData("*")]
    [InlineData("x.*.test")]
    [InlineData("10.1")]
    [InlineData("fe80::1%1")]
    [InlineData("böse.test")]
    public async Task A_name_that_no_certificate_can_have_is_refused(string name)
    {
        Assert.Equal(2, await _program.RunAsync("certificate", name));
        Assert.Contains($"\"{name}\" must be", _program.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
    }

    [Theory]
    [InlineData("ca.key", "")]
    [InlineData("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public async Task A_damaged_authority_is_named_and_left_as_it_is(string file, string text)
    {
        Assert.Equal(0, await _program.RunAsync("certificate"));
        string path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        Assert.Equal(1, await _program.RunAsync("certificate"));
        Assert.Contains(path, _program.Error, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public async Task A_certificate_that_is_no_authority_signs_nothing()
    {
        Assert.Equal(0, await _program.RunAsync("certificate"));
        File.Copy(Path.Combine(Folder, "server.pem"), Path.Combine(Folder, "ca.pem"), overwrite: true);
        File.Copy(Path.Combine(Folder, "server.key"), Path.Combine(Folder, "ca.key"), overwrite: true);
        Assert.Equal(1, await _program.RunAsync("certificate"));
        Assert.Contains("not the certificate of an authority", _program.Error, StringComparison.Ordinal);
    }

    private X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(Path.Combine(Folder, "server.pem"), Path.Combine(Folder, "server.key"));

    private bool Verifies(X509Certificate2 certificate)
    {
        using X509Chain chain = new();
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Folder, "ca.pem"));
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().LocalDateTime;
        return chain.Build(certificate);
    }
}
