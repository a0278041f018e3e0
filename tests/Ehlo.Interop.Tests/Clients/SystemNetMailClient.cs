using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using System.Threading.Tasks;
using MimeKit;
using Xunit;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>The client of .NET itself. It writes every message anew, so that subject and body are compared, not octets.</summary>
internal sealed class SystemNetMailClient : MailClient
{
    private static readonly ConcurrentDictionary<string, TrustedAuthority> Trusted = new();

    public override string Name => "System.Net.Mail";

    // No implicit TLS, and of what this server offers LOGIN only.
    public override Abilities Abilities => Abilities.Clear | Abilities.StartTls | Abilities.AuthLogin | Abilities.EightBit |
        Abilities.SmtpUtf8 | Abilities.Many | Abilities.AnyContent;

    /// <summary>It gives the name of the machine.</summary>
    public override string? HelloName => null;

    public override async Task SendAsync(Delivery delivery)
    {
        using SmtpClient client = new(delivery.Host, delivery.Port);
        client.EnableSsl = delivery.Security == Security.StartTls;
        client.DeliveryFormat = delivery.Utf8 ? SmtpDeliveryFormat.International : SmtpDeliveryFormat.SevenBit;
        if (delivery.Login is { } login)
        {
            client.Credentials = new NetworkCredential(login.User, login.Password);
        }
        if (client.EnableSsl)
        {
            Trust(delivery.AuthorityFile);
        }
        foreach (byte[] content in delivery.Contents)
        {
            using MailMessage message = Compose(delivery, content);
            await client.SendMailAsync(message);
        }
    }

    public override void Verify(byte[] content, byte[] stored)
    {
        (string subject, byte[] body) = Parts(content);
        using MimeMessage message = MimeMessage.Load(new MemoryStream(stored));
        Assert.Equal(subject, message.Subject);
        MimePart part = Assert.IsAssignableFrom<MimePart>(message.Body);
        using MemoryStream decoded = new();
        part.Content?.DecodeTo(decoded);
        // It ends the body with line ends of its own.
        Assert.True(decoded.ToArray().AsSpan().TrimEnd("\r\n"u8).SequenceEqual(body.AsSpan().TrimEnd("\r\n"u8)), "The body was changed.");
    }

    private static MailMessage Compose(Delivery delivery, byte[] content)
    {
        (string subject, byte[] body) = Parts(content);
        MailMessage message = new()
        {
            From = new MailAddress(delivery.From),
            Subject = subject,
            SubjectEncoding = Encoding.UTF8,
            Body = Encoding.Latin1.GetString(body),
            BodyEncoding = Encoding.Latin1,
            BodyTransferEncoding = TransferEncoding.EightBit,
        };
        foreach (string recipient in delivery.To)
        {
            message.To.Add(new MailAddress(recipient));
        }
        return message;
    }

    private static (string Subject, byte[] Body) Parts(byte[] content)
    {
        const string Field = "Subject: ";
        int end = content.AsSpan().IndexOf("\r\n\r\n"u8);
        string subject = Encoding.UTF8.GetString(content, 0, end).Split("\r\n")
            .First(line => line.StartsWith(Field, StringComparison.Ordinal))[Field.Length..];
        return (subject, content[(end + 4)..]);
    }

    // It asks this callback, which is one for the whole process, and offers no other way to trust an authority.
    private static void Trust(string authorityFile)
    {
        Trusted.TryAdd(authorityFile, new TrustedAuthority(authorityFile));
#pragma warning disable SYSLIB0014 // Obsolete for HTTP, where there is something better.
        ServicePointManager.ServerCertificateValidationCallback = (_, certificate, _, errors) =>
            Trusted.Values.Any(trust => trust.Accepts(certificate, errors));
#pragma warning restore SYSLIB0014
    }
}
