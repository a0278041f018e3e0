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
        Abilities.Clear | Abilities.Tls | Abilities.Auth | Abilities.EightBit | Abilities.SmtpUtf8 | Abilities.Many | Abilities.AnyContent;

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
            await client.AuthenticateAsync(login.Mechanism == Mechanism.Plain
                ? new SaslMechanismPlain(login.User, login.Password)
                : new SaslMechanismLogin(login.User, login.Password));
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
}
