using System;
using System.IO;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Certificates of clients. One that signed itself is its own authority.</summary>
public sealed class ClientCertificateTests
{
    private static readonly X509Certificate2 Known = TestCertificates.Of("known.example");
    private static readonly X509Certificate2 Unknown = TestCertificates.Of("unknown.example");
    private SmtpServerConnection? _seen;

    [Theory]
    [InlineData(TlsMode.Implicit, SslProtocols.Tls12)]
    [InlineData(TlsMode.Implicit, SslProtocols.Tls13)]
    [InlineData(TlsMode.StartTls, SslProtocols.Tls13)]
    public async Task One_that_is_trusted_is_shown_to_the_class(TlsMode mode, SslProtocols protocols)
    {
        await using TestServer server = NewServer(new() { IsRequired = true, Roots = [Known] }, mode);
        await ConnectAsync(server, protocols, Known);
        Assert.Equal("CN=known.example", _seen!.Tls!.ClientCertificate!.Subject);
    }

    [Theory]
    [InlineData("unknown.example")]
    [InlineData(null)]
    public async Task One_that_is_not_or_none_is_null_where_it_is_only_asked_for(string? name)
    {
        await using TestServer server = NewServer(new() { Roots = [Known] });
        await ConnectAsync(server, SslProtocols.None, name is null ? null : Unknown);
        Assert.NotNull(_seen!.Tls);
        Assert.Null(_seen.Tls.ClientCertificate);
    }

    [Theory]
    [InlineData("unknown.example")]
    [InlineData(null)]
    public async Task One_that_is_not_or_none_ends_the_handshake_where_it_is_required(string? name)
    {
        await using TestServer server = NewServer(new() { IsRequired = true, Roots = [Known] });
        TestClient client = server.Connect();
        try
        {
            await client.UpgradeAsync(certificate: name is null ? null : Unknown);
            Assert.Empty(await client.RestAsync());
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // It depends on the version of TLS when the client learns of it.
        }
        await client.Served.Within("the end of the connection");
        Assert.Single(server.Observed.Handshakes);
        Assert.Empty(server.Probe.Calls);
    }

    [Fact]
    public async Task Without_roots_of_ones_own_a_self_made_one_is_not_trusted()
    {
        await using TestServer server = NewServer(new());
        await ConnectAsync(server, SslProtocols.None, Known);
        Assert.Null(_seen!.Tls!.ClientCertificate);
    }

    [Theory]
    [InlineData("known.example", true)]
    [InlineData("unknown.example", false)]
    public async Task A_decision_of_ones_own_beats_that_of_the_platform(string name, bool isValid)
    {
        await using TestServer server = NewServer(new()
        {
            Roots = [],
            Validation = (shown, _, _) => shown.Thumbprint == Known.Thumbprint ? true : throw new InvalidDataException("No"),
        });
        await ConnectAsync(server, SslProtocols.None, TestCertificates.Of(name));
        Assert.Equal(isValid, _seen!.Tls!.ClientCertificate is not null);
    }

    [Fact]
    public void Without_TLS_none_can_be_asked_for()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.ClientCertificates = new();
        Assert.Throws<ArgumentException>(() => new SmtpServer(new() { Listeners = { listener } }, new Probe().NewSession));
    }

    private static async Task ConnectAsync(TestServer server, SslProtocols protocols, X509Certificate2? certificate)
    {
        TestClient client = server.Connect();
        if (server.Listener.Tls is TlsMode.StartTls)
        {
            await client.BeginAsync("STARTTLS");
            await client.UpgradeAsync(protocols: protocols, certificate: certificate);
            await client.AskAsync("EHLO client.example");
            return;
        }
        await client.UpgradeAsync(protocols: protocols, certificate: certificate);
        await client.BeginAsync();
    }

    private TestServer NewServer(ClientCertificates clients, TlsMode mode = TlsMode.Implicit)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        (listener.Tls, listener.Certificates, listener.ClientCertificates) = (mode, TestCertificates.For("mx.example"), clients);
        TestServer server = new() { Listener = listener };
        server.Probe.Make = connection => _seen = connection;
        return server;
    }
}
