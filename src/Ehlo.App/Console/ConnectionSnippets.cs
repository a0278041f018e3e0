using System;
using System.Collections.Generic;

namespace Ehlo.App.Console;

/// <summary>What to write into a program so that it sends its mail here.</summary>
internal static class ConnectionSnippets
{
    /// <param name="smtp">The URL of a listener on TCP, as the listening line has it.</param>
    public static IReadOnlyList<ConnectionSnippet> Of(string smtp)
    {
        // Nobody connects to "every address".
        string reachable = smtp.Replace("*", "127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(reachable, UriKind.Absolute, out Uri? url) || url.Scheme is not ("smtp" or "smtps"))
        {
            return [];
        }
        (string host, int port, bool isTls) = (url.IdnHost, url.Port, url.Scheme == "smtps");
        return
        [
            new(".NET (MailKit)", $"""
                using var client = new SmtpClient();
                await client.ConnectAsync("{host}", {port}, SecureSocketOptions.{(isTls ? "SslOnConnect" : "None")});
                """),
            new(".NET (Ehlo)", $"""await using var sender = new SmtpSender("{url.Scheme}://{url.Authority}");"""),
            new("ASP.NET appsettings.json", $$"""
                "Smtp": { "Host": "{{host}}", "Port": {{port}} }
                """),
            new("Node.js (nodemailer)", $$"""
                nodemailer.createTransport({ host: "{{host}}", port: {{port}}, secure: {{(isTls ? "true" : "false")}} })
                """),
            new("Python (smtplib)", $"""smtplib.{(isTls ? "SMTP_SSL" : "SMTP")}("{host}", {port})"""),
            new("Django", $"""
                EMAIL_HOST = "{host}"
                EMAIL_PORT = {port}
                """),
            new("Laravel", $"""
                MAIL_MAILER=smtp
                MAIL_HOST={host}
                MAIL_PORT={port}
                """),
            new("Rails", $$"""config.action_mailer.smtp_settings = { address: "{{host}}", port: {{port}} }"""),
            new("Spring Boot", $"""
                spring.mail.host={host}
                spring.mail.port={port}
                """),
            new("PHP (sendmail_path)", $"""sendmail_path = "ehlo sendmail -t -i" """.TrimEnd()),
        ];
    }
}

/// <param name="Name">The library or framework.</param>
internal sealed record ConnectionSnippet(string Name, string Text);
