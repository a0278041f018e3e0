using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>Each client verifies the server's certificate.</summary>
public sealed class TlsTests(TlsServer server) : ClientTests
{
    public static TheoryData<string> StartTls => AllClients.Able(Abilities.StartTls);

    public static TheoryData<string> ImplicitTls => AllClients.Able(Abilities.ImplicitTls);

    [Theory, MemberData(nameof(StartTls))]
    public Task Plain_text_after_STARTTLS(string client) => DeliverAsync(AllClients.Named(client), Security.StartTls, Contents.LeadingDots);

    [Theory, MemberData(nameof(ImplicitTls))]
    public Task Plain_text_over_implicit_TLS(string client) =>
        DeliverAsync(AllClients.Named(client), Security.Implicit, Contents.LeadingDots);

    [Theory, MemberData(nameof(StartTls))]
    public Task Twenty_megabytes_after_STARTTLS(string client) => DeliverAsync(AllClients.Named(client), Security.StartTls, Contents.Big);

    [Theory, MemberData(nameof(ImplicitTls))]
    public Task Twenty_megabytes_over_implicit_TLS(string client) =>
        DeliverAsync(AllClients.Named(client), Security.Implicit, Contents.Big);

    [Theory]
    [InlineData(Security.StartTls, "-tls1_2", "12")]
    [InlineData(Security.StartTls, "-tls1_3", "13")]
    [InlineData(Security.Implicit, "-tls1_2", "12")]
    [InlineData(Security.Implicit, "-tls1_3", "13")]
    public async Task The_protocol_is_the_one_that_the_client_asked_for(Security security, string option, string version)
    {
        StoredMessage message = await DeliverAsync(new OpensslClient(option), security, Contents.Plain());
        Assert.Equal(version, TlsVersion(message));
    }

    private Task<StoredMessage> DeliverAsync(MailClient client, Security security, byte[] content) =>
        DeliverAsync(client, server.Inbox, To(client, server, security, content));
}
