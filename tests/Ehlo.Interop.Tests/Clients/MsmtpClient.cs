using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;

namespace Ehlo.Interop.Tests.Clients;

internal sealed class MsmtpClient : MailClient
{
    public override string Name => "msmtp";

    // One message on a connection; Debian's build knows no SMTPUTF8.
    public override Abilities Abilities => Abilities.Clear | Abilities.Tls | Abilities.Auth | Abilities.EightBit | Abilities.AnyContent |
        Abilities.ScramSha1 | Abilities.ScramSha256 | Abilities.Bearer | Abilities.CramMd5;

    public override async Task SendAsync(Delivery delivery)
    {
        using TempFolder folder = new();
        StringBuilder configuration = new();
        configuration.Append($"""
            account default
            host {delivery.Host}
            port {delivery.Port}
            domain client.example
            timeout 120
            set_from_header off
            set_date_header off
            set_msgid_header off
            undisclosed_recipients off
            tls {OnOff(delivery.Security != Security.None)}
            tls_starttls {OnOff(delivery.Security == Security.StartTls)}

            """);
        if (delivery.Security != Security.None)
        {
            configuration.Append($"tls_trust_file {delivery.AuthorityFile}\n");
        }
        if (delivery.Login is { } login)
        {
            configuration.Append($"auth {login.Mechanism.Name().ToLowerInvariant()}\nuser {login.User}\npassword {login.Password}\n");
        }
        string file = await folder.WriteAsync("msmtprc", Encoding.UTF8.GetBytes(configuration.ToString()));
        // It refuses to read a password from a file that others can read.
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ChildProgram.RunAsync(Name, ["--file", file, "--from", delivery.From, "--", .. delivery.To], folder, delivery.Content);
    }

    private static string OnOff(bool on) => on ? "on" : "off";
}
