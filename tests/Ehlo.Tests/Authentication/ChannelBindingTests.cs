using System;
using System.Linq;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Ehlo.Transport;
using Xunit;
using ChannelBinding = Ehlo.Sasl.ChannelBinding;

namespace Ehlo.Tests.Authentication;

public sealed class ChannelBindingTests
{
    // The platform cannot make these.
    private const string EcdsaWithSha1 =
            "MIIBdDCCARqgAwIBAgIURAHHWgC/rve0f8rRCf4vgDf8gykwCQYHKoZIzj0EATAPMQ0wCwYDVQQDDARzaGExMCAXDTI2MTEyMzA4NDYwM1oYDzIxMjYxMDMw" +
            "MDg0NjAzWjAPMQ0wCwYDVQQDDARzaGExMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE4pMhbElXEs89w5PN/sIwdwWw9IBShGENlPCHCBYwvi6v1MUINbwt" +
            "WiZtLxAPDNkYqNIZKxcDMjUA+f93VN1dkKNTMFEwHQYDVR0OBBYEFGV6x3rnflujh/PJojmdJ5+YNi39MB8GA1UdIwQYMBaAFGV6x3rnflujh/PJojmdJ5+Y" +
            "Ni39MA8GA1UdEwEB/wQFMAMBAf8wCQYHKoZIzj0EAQNJADBGAiEA2nUrqXbyHFkFMYtbgHSz3prwSGt8tQNADmFcp2CXFi0CIQDF2RiZKpWWWsgnHMlvetYI" +
            "KTQOm3cL6tfGCBQzXegMEQ==";

    private const string Ed25519 =
            "MIIBMDCB46ADAgECAhR0iGuoYvdTiWPDnq984JvU709wHzAFBgMrZXAwDTELMAkGA1UEAwwCZWQwIBcNMjYxMTIzMDg0NTE5WhgPMjEyNjEwMzAwODQ1MTla" +
            "MA0xCzAJBgNVBAMMAmVkMCowBQYDK2VwAyEA8zRdiCzi34SWvg7g8iT/+xd0xHU0xXO9GNyN/aFPTlajUzBRMB0GA1UdDgQWBBTyqI53a0MkzlKofjL1FyXo" +
            "T+7FIzAfBgNVHSMEGDAWgBTyqI53a0MkzlKofjL1FyXoT+7FIzAPBgNVHRMBAf8EBTADAQH/MAUGAytlcANBAD1HFGyyVNQxfhr6CaJivFZ5t2/S3QxFNb8+" +
            "BasDw1gKzweJ8wjt8K7NHtUS0kGIuTAL/tfYRcHkrqDtHfcBfQ4=";

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, false)]
    public async Task Both_ends_have_the_same_octets(SslProtocols protocol, bool isImplicit)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.Tls = isImplicit ? TlsMode.Implicit : TlsMode.StartTls;
        listener.Certificates = TestCertificates.For("mx.example");
        SmtpServerConnection? seen = null;
        await using TestServer server = new() { Listener = listener };
        server.Probe.Make = connection => seen = connection;
        TestClient client = server.Connect();
        if (!isImplicit)
        {
            await client.BeginAsync();
            Assert.Empty(seen!.Protocol.SaslContext.ChannelBindings);
            await client.AskAsync("STARTTLS");
        }
        await client.UpgradeAsync("mx.example", protocol);
        if (isImplicit) await client.ExpectAsync("220");
        await client.AskAsync("EHLO client.example");
        var bindings = seen!.Protocol.SaslContext.ChannelBindings.ToDictionary(binding => binding.Type, binding => binding.Data.ToArray());
        string[] types = protocol is SslProtocols.Tls12
            ? [ChannelBinding.TlsServerEndPoint, ChannelBinding.TlsUnique]
            : [ChannelBinding.TlsServerEndPoint];
        Assert.Equal(types, bindings.Keys);
        Assert.Equal(Octets(client.Tls, ChannelBindingKind.Endpoint, "tls-server-end-point:"), bindings[ChannelBinding.TlsServerEndPoint]);
        if (protocol is SslProtocols.Tls12)
            Assert.Equal(Octets(client.Tls, ChannelBindingKind.Unique, "tls-unique:"), bindings[ChannelBinding.TlsUnique]);
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void The_hash_is_that_of_the_certificates_signature(string name)
    {
        HashAlgorithmName signed = new(name);
        using RSA rsa = RSA.Create(2048);
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (CertificateRequest request in new[]
        {
            new CertificateRequest("CN=a", rsa, signed, RSASignaturePadding.Pkcs1),
            new CertificateRequest("CN=a", rsa, signed, RSASignaturePadding.Pss),
            new CertificateRequest("CN=a", curve, signed),
        })
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            using X509Certificate2 certificate = request.CreateSelfSigned(now, now.AddDays(1));
            Assert.Equal(CryptographicOperations.HashData(signed, certificate.RawData), TlsChannelBindings.ServerEndPoint(certificate));
        }
    }

    [Fact]
    public void In_the_place_of_SHA_1_stands_SHA_256()
    {
        byte[] octets = Convert.FromBase64String(EcdsaWithSha1);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(octets);
        Assert.Equal(SHA256.HashData(octets), TlsChannelBindings.ServerEndPoint(certificate));
    }

    [Fact]
    public void A_signature_without_a_hash_of_its_own_gives_no_binding()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(Ed25519));
        Assert.Null(TlsChannelBindings.ServerEndPoint(certificate));
    }

    // What the platform itself computes, behind its header of 32 octets.
    private static byte[] Octets(SslStream tls, ChannelBindingKind kind, string prefix)
    {
        using var token = tls.TransportContext.GetChannelBinding(kind)!;
        byte[] octets = new byte[token.Size];
        Marshal.Copy(token.DangerousGetHandle(), octets, 0, octets.Length);
        Assert.Equal(prefix, Encoding.Latin1.GetString(octets, 32, prefix.Length));
        return octets[(32 + prefix.Length)..];
    }
}
