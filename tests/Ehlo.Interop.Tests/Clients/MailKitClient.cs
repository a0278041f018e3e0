using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Ehlo.Interop.Tests.Clients;

internal sealed class MailKitClient : MailClient
{
    public override string Name => "MailKit";

    public override Abilities Abilities =>
        Abilities.Clear | Abilities.Tls | Abilities.Auth | Abilities.EightBit | Abilities.SmtpUtf8 | Abilities.Many | Abilities.AnyContent |
        Abilities.Scram | Abilities.ScramPlus | Abilities.Bearer | Abilities.Anonymous | Abilities.CramMd5;

    public override async Task SendAsync(Delivery delivery)
    {
        using SmtpClient client = new() { LocalDomain = "client.example", Timeout = 120_000 };
        TrustedAuthority trust = new(delivery.AuthorityFile);
        client.ServerCertificateValidationCallback = (_, certificate, _, errors) => trust.Accepts(certificate, errors);
        await client.ConnectAsync(delivery.Host, delivery.Port, delivery.Security switch
        {
            Security.StartTls => SecureSocketOptions.StartTls,
            Security.Implicit => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.None,
        });
        if (delivery.Login is { } login)
        {
            await client.AuthenticateAsync(Mechanism(login));
        }
        FormatOptions format = FormatOptions.Default.Clone();
        format.International = delivery.Utf8;
        MailboxAddress from = new("", delivery.From);
        MailboxAddress[] to = [.. delivery.To.Select(recipient => new MailboxAddress("", recipient))];
        foreach (byte[] content in delivery.Contents)
        {
            using MimeMessage message = await MimeMessage.LoadAsync(new MemoryStream(content));
            await client.SendAsync(format, message, from, to);
        }
        await client.DisconnectAsync(quit: true);
    }

    private static SaslMechanism Mechanism(Login login) => login.Mechanism switch
    {
        Clients.Mechanism.Plain => new SaslMechanismPlain(login.User, login.Password),
        Clients.Mechanism.Login => new SaslMechanismLogin(login.User, login.Password),
        Clients.Mechanism.ScramSha1 => new SaslMechanismScramSha1(login.User, login.Password),
        Clients.Mechanism.ScramSha256 => new SaslMechanismScramSha256(login.User, login.Password),
        Clients.Mechanism.ScramSha512 => new SaslMechanismScramSha512(login.User, login.Password),
        Clients.Mechanism.ScramSha1Plus => new SaslMechanismScramSha1Plus(login.User, login.Password),
        Clients.Mechanism.ScramSha256Plus => new SaslMechanismScramSha256Plus(login.User, login.Password),
        Clients.Mechanism.ScramSha512Plus => new SaslMechanismScramSha512Plus(login.User, login.Password),
        Clients.Mechanism.CramMd5 => new SaslMechanismCramMd5(login.User, login.Password),
        Clients.Mechanism.XOAuth2 => new SaslMechanismOAuth2(login.User, login.Password),
        Clients.Mechanism.OAuthBearer => new SaslMechanismOAuthBearer(login.User, login.Password),
        _ => new SaslMechanismAnonymous(login.User),
    };
}
