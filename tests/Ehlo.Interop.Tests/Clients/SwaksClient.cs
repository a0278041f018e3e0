using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Ehlo.Interop.Tests.Clients;

internal sealed class SwaksClient : MailClient
{
    public override string Name => "swaks";

    // It cannot ask for SMTPUTF8, and sends one message on a connection.
    public override Abilities Abilities => Abilities.Clear | Abilities.Tls | Abilities.Auth | Abilities.EightBit | Abilities.AnyContent |
        Abilities.CramMd5;

    public override async Task SendAsync(Delivery delivery)
    {
        using TempFolder folder = new();
        byte[] content = delivery.Content;
        // It puts a CRLF between what it is given and the final dot, whatever that ends with.
        string file = await folder.WriteAsync("data", content.AsSpan().EndsWith("\r\n"u8) ? content[..^2] : content);
        List<string> arguments =
        [
            "--server", delivery.Host, "--port", $"{delivery.Port}", "--helo", "client.example", "--timeout", "120s",
            "--from", delivery.From, "--to", string.Join(',', delivery.To), "--data", "@" + file, "--suppress-data", "--pipeline",
        ];
        if (delivery.Security != Security.None)
        {
            arguments.AddRange([delivery.Security == Security.StartTls ? "--tls" : "--tls-on-connect",
                "--tls-verify", "--tls-ca-path", delivery.AuthorityFile, "--tls-sni", delivery.Host]);
        }
        if (delivery.Login is { } login)
        {
            arguments.AddRange(["--auth", login.Mechanism.Name(),
                "--auth-user", login.User, "--auth-password", login.Password]);
        }
        await ChildProgram.RunAsync(Name, arguments, folder);
    }

    // Before an empty body it writes the empty line itself, so that the one we give becomes the body.
    public override byte[] Expected(byte[] content) =>
        content.AsSpan().EndsWith("\r\n\r\n"u8) && content.AsSpan().IndexOf("\r\n\r\n"u8) == content.Length - 4
            ? [.. content, .. "\r\n"u8]
            : base.Expected(content);
}
