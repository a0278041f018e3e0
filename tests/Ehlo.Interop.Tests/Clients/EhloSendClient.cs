using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Server;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>The program's own <c>ehlo send</c>, as a child process.</summary>
internal sealed class EhloSendClient : MailClient
{
    public override string Name => "ehlo send";

    public override Abilities Abilities =>
        Abilities.Clear | Abilities.Tls | Abilities.Auth | Abilities.EightBit | Abilities.SmtpUtf8 | Abilities.Many | Abilities.AnyContent |
        Abilities.Scram | Abilities.ScramPlus | Abilities.Bearer | Abilities.Anonymous | Abilities.CramMd5;

    public override bool RepeatsContent => true;

    public override async Task SendAsync(Delivery delivery)
    {
        using TempFolder folder = new();
        string tls = delivery.Security switch { Security.StartTls => "required", Security.Implicit => "implicit", _ => "none" };
        List<string> arguments =
        [
            "send", $"{delivery.Host}:{delivery.Port}", "--tls", tls, "--helo", "client.example", "--from", delivery.From,
            "--message", await folder.WriteAsync("message", delivery.Contents[0]), "--count", $"{delivery.Contents.Count}",
        ];
        arguments.AddRange(delivery.To.SelectMany(to => new[] { "--to", to }));
        if (delivery.AuthorityFile.Length > 0) arguments.AddRange(["--ca", delivery.AuthorityFile]);
        if (delivery.Login is { } login)
        {
            bool isToken = login.Mechanism is Mechanism.OAuthBearer or Mechanism.XOAuth2;
            string secret = await folder.WriteAsync("secret", Encoding.UTF8.GetBytes(login.Password + "\n"));
            arguments.AddRange(["--user", login.User, "--mechanism", login.Mechanism.Name(), isToken ? "--token-file" : "--password-file", secret]);
        }
        ProcessStartInfo program = EhloServer.ProgramToTest();
        await ChildProgram.RunAsync(program.FileName, [.. program.ArgumentList, .. arguments], folder);
    }
}
