using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

public sealed class AuthenticationTests(UsersServer server, TokensServer tokens) : ClientTests
{
    public static TheoryData<string, Security, Mechanism> Logins
    {
        get
        {
            TheoryData<string, Security, Mechanism> data = [];
            foreach (Security security in new[] { Security.StartTls, Security.Implicit })
            {
                foreach (Mechanism mechanism in Enum.GetValues<Mechanism>().Where(mechanism => mechanism != Mechanism.CramMd5))
                {
                    Abilities needed = (security == Security.StartTls ? Abilities.StartTls : Abilities.ImplicitTls) | NeededFor(mechanism);
                    foreach (string client in AllClients.Able(needed).Select(row => row.Data))
                    {
                        data.Add(client, security, mechanism);
                    }
                }
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Logins))]
    public async Task A_user_logs_in(string client, Security security, Mechanism mechanism)
    {
        MailClient sender = AllClients.Named(client);
        bool isOpen = mechanism is Mechanism.XOAuth2 or Mechanism.OAuthBearer or Mechanism.Anonymous;
        SecureServer receiver = isOpen ? tokens : server;
        string user = mechanism == Mechanism.Anonymous ? "anonymous" : UsersServer.UserName;
        Delivery delivery = To(sender, receiver, security, Contents.Plain()) with
        {
            Login = new(mechanism, user, isOpen ? TokensServer.Token : UsersServer.Password),
        };
        StoredMessage message = await DeliverAsync(sender, receiver.Inbox, delivery);
        string[] clientLines = [.. (message.Dialogue ?? []).Where(line => line.From == "client").Select(line => line.Line)];
        string verb = $"AUTH {mechanism.Name()}";
        Assert.Contains(clientLines, line => line.StartsWith(verb, StringComparison.OrdinalIgnoreCase));
        CheckSecrets(message);
    }

    private static Abilities NeededFor(Mechanism mechanism) => mechanism switch
    {
        Mechanism.Plain => Abilities.AuthPlain,
        Mechanism.Login => Abilities.AuthLogin,
        Mechanism.ScramSha1 => Abilities.ScramSha1,
        Mechanism.ScramSha256 => Abilities.ScramSha256,
        Mechanism.ScramSha512 => Abilities.ScramSha512,
        Mechanism.ScramSha1Plus => Abilities.ScramSha1 | Abilities.ScramPlus,
        Mechanism.ScramSha256Plus => Abilities.ScramSha256 | Abilities.ScramPlus,
        Mechanism.ScramSha512Plus => Abilities.ScramSha512 | Abilities.ScramPlus,
        Mechanism.Anonymous => Abilities.Anonymous,
        Mechanism.OAuthBearer => Abilities.OAuthBearer,
        _ => Abilities.XOAuth2,
    };

    private static void CheckSecrets(StoredMessage message)
    {
        string[] secrets =
        [
            UsersServer.Password,
            TokensServer.Token,
            Base64(UsersServer.Password),
            Base64($"\0{UsersServer.UserName}\0{UsersServer.Password}"),
            Base64($"{UsersServer.UserName}\0{UsersServer.UserName}\0{UsersServer.Password}"),
        ];
        foreach (StoredLine line in message.Dialogue ?? [])
        {
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, line.Line, StringComparison.Ordinal));
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
