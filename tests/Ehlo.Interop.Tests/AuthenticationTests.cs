using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

public sealed class AuthenticationTests(UsersServer server) : ClientTests
{
    public static TheoryData<string, Security, Mechanism> Logins
    {
        get
        {
            TheoryData<string, Security, Mechanism> data = [];
            foreach (Security security in new[] { Security.StartTls, Security.Implicit })
            {
                foreach (Mechanism mechanism in Enum.GetValues<Mechanism>())
                {
                    Abilities needed = (security == Security.StartTls ? Abilities.StartTls : Abilities.ImplicitTls) |
                        (mechanism == Mechanism.Plain ? Abilities.AuthPlain : Abilities.AuthLogin);
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
        Delivery delivery = To(sender, server, security, Contents.Plain()) with
        {
            Login = new(mechanism, UsersServer.UserName, UsersServer.Password),
        };
        StoredMessage message = await DeliverAsync(sender, server.Inbox, delivery);
        string[] clientLines = [.. (message.Dialogue ?? []).Where(line => line.From == "client").Select(line => line.Line)];
        string verb = $"AUTH {mechanism.ToString().ToUpperInvariant()}";
        Assert.Contains(clientLines, line => line.StartsWith(verb, StringComparison.OrdinalIgnoreCase));
        CheckSecrets(message);
    }

    private static void CheckSecrets(StoredMessage message)
    {
        string[] secrets =
        [
            UsersServer.Password,
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
