using System;
using System.Collections.Generic;
using System.Text;
using System.Threading.Tasks;

namespace Ehlo.Interop.Tests.Clients;

internal sealed class CurlClient : MailClient
{
    public override string Name => "curl";

    // Of a server that offers both it takes OAUTHBEARER, whatever it is told.
    public override Abilities Abilities =>
        Abilities.Clear | Abilities.Tls | Abilities.Auth | Abilities.EightBit | Abilities.SmtpUtf8 | Abilities.Many | Abilities.AnyContent |
        Abilities.OAuthBearer | Abilities.CramMd5;

    public override async Task SendAsync(Delivery delivery)
    {
        using TempFolder folder = new();
        StringBuilder configuration = new();
        for (int i = 0; i < delivery.Contents.Count; i++)
        {
            string file = await folder.WriteAsync($"content-{i}", delivery.Contents[i]);
            // The transfers share a connection, and each has its own options.
            configuration.Append(i == 0 ? "" : "next\n");
            foreach ((string option, string? value) in Options(delivery, file))
            {
                configuration.Append(option).Append(value is null ? "" : $" = \"{Escape(value)}\"").Append('\n');
            }
        }
        string options = await folder.WriteAsync("options", Encoding.UTF8.GetBytes(configuration.ToString()));
        await ChildProgram.RunAsync(Name, ["--disable", "--config", options], folder);
    }

    private static IEnumerable<(string Option, string? Value)> Options(Delivery delivery, string file)
    {
        string scheme = delivery.Security == Security.Implicit ? "smtps" : "smtp";
        yield return ("url", $"{scheme}://{delivery.Host}:{delivery.Port}/client.example");
        yield return ("mail-from", delivery.From);
        foreach (string recipient in delivery.To)
        {
            yield return ("mail-rcpt", recipient);
        }
        yield return ("upload-file", file);
        yield return ("max-time", "150");
        yield return ("silent", null);
        yield return ("show-error", null);
        if (delivery.Security != Security.None)
        {
            yield return ("ssl-reqd", null);
            yield return ("cacert", delivery.AuthorityFile);
        }
        if (delivery.Login is { } login)
        {
            bool isToken = login.Mechanism is Mechanism.OAuthBearer;
            yield return ("user", isToken ? login.User : $"{login.User}:{login.Password}");
            if (isToken)
            {
                yield return ("oauth2-bearer", login.Password);
            }
            yield return ("login-options", $"AUTH={login.Mechanism.Name()}");
        }
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
