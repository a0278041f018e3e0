using System.Linq;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Sasl;
using Xunit;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>The client library of this repository, by DATA or by chunks.</summary>
internal sealed class EhloClient(bool usesChunking) : MailClient
{
    public override string Name => usesChunking ? "Ehlo" : "Ehlo by DATA";

    public override Abilities Abilities =>
        Abilities.Clear | Abilities.Tls | Abilities.Auth | Abilities.EightBit | Abilities.SmtpUtf8 | Abilities.Many | Abilities.AnyContent |
        Abilities.Scram | Abilities.ScramPlus | Abilities.Bearer | Abilities.Anonymous | Abilities.CramMd5;

    public override async Task SendAsync(Delivery delivery)
    {
        TrustedAuthority trust = new(delivery.AuthorityFile);
        SmtpDestination destination = new(delivery.Host, delivery.Port)
        {
            Tls = delivery.Security switch
            {
                Security.StartTls => ClientTls.StartTls,
                Security.Implicit => ClientTls.Implicit,
                _ => ClientTls.None,
            },
            Credential = delivery.Login is { } login ? Credential(login) : null,
        };
        SmtpConnectionOptions connection = new()
        {
            LocalName = "client.example",
            UseChunking = usesChunking,
            CertificateValidation = (_, certificate, _, errors) => trust.Accepts(certificate, errors),
            Mechanisms = delivery.Login is { } asked
                ? [.. SaslClientMechanisms.All.Where(mechanism => mechanism.Name == asked.Mechanism.Name())]
                : SaslClientMechanisms.Default,
        };
        await using SmtpSender sender = new(new SmtpSenderOptions(destination) { Connection = connection, MaxConnections = 1 });
        Envelope envelope = new(delivery.From, delivery.To);
        Task<SendResult>[] sent = [.. delivery.Contents.Select(content => sender.SendAsync(envelope, content).AsTask())];
        foreach (SendResult result in await Task.WhenAll(sent)) Assert.True(result.IsAccepted, result.ToString());
    }

    private static SaslCredential Credential(Login login) => login.Mechanism switch
    {
        Mechanism.XOAuth2 or Mechanism.OAuthBearer => new TokenCredential(login.User, login.Password),
        Mechanism.Anonymous => new AnonymousCredential(login.User),
        _ => new PasswordCredential(login.User, login.Password),
    };
}
