using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ehlo.App.Certificates;

namespace Ehlo.App.Commands;

/// <summary><c>ehlo certificate</c>: an authority of the user's own, and a server's certificate of it.</summary>
internal static class CertificateCommand
{
    // Far more than a server has; each is an entry of a certificate that every client reads in full.
    private const int MaxNames = 100;

    // What phones and browsers take from authorities that a user added (825 days); more would fail there and nowhere else.
    private const int MaxDays = 825;

    public static Command Create(ProgramContext context)
    {
        Argument<string[]> names = new("NAME")
        {
            Description = "Host names, also as *.example.test, and IP addresses (those of the certificate that is there, else this machine's).",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> folder = new("--out")
        {
            HelpName = "DIR",
            Description = "The folder of the four files.",
            DefaultValueFactory = _ => "ehlo-certificates",
        };
        Option<int?> days = SendCommand.Number("--days", "N", 1, MaxDays, $"How long the certificate is valid ({OwnCertificate.Life.TotalDays}).");
        Command command = new("certificate", "Makes a certificate authority of one's own, and a certificate to try STARTTLS with; renews it.")
        {
            names, folder, days,
        };
        command.SetAction(result =>
        {
            List<ServerName> wanted = [];
            foreach (string text in result.GetRequiredValue(names))
            {
                if (!ServerName.TryParse(text, out ServerName? name)) return Fail(context, $"\"{text}\" {ServerName.Rule}");
                if (!wanted.Contains(name)) wanted.Add(name);
            }
            if (wanted.Count > MaxNames) return Fail(context, $"at most {MaxNames} names");
            string path = Path.GetFullPath(result.GetRequiredValue(folder), context.CurrentFolder);
            return Make(context, path, wanted, result.GetValue(days) is { } given ? TimeSpan.FromDays(given) : OwnCertificate.Life);
        });
        return command;
    }

    private static int Make(ProgramContext context, string path, List<ServerName> wanted, TimeSpan life)
    {
        CertificateFolder folder = new(path);
        IReadOnlyList<ServerName> names = wanted.Count > 0 ? wanted : folder.Names();
        if (names.Count == 0) names = OwnCertificate.DefaultNames(context.MachineName);
        CertificateResult made = folder.Make(names, life, context.MachineName, context.Time.GetUtcNow());
        context.Output.WriteLine(
            $$"""
            {{(made.IsNewAuthority ? "Made" : "Kept")}} the authority {{folder.AuthorityFile}}, until {{made.AuthorityUntil:yyyy-MM-dd}}
            Made the certificate {{folder.CertificateFile}} for {{string.Join(", ", names)}}, until {{made.Until:yyyy-MM-dd}}

            The server takes it by these lines of a listener in ehlo.json:
              "Tls": "StartTls",
              "Certificates": [ { "Certificate": "{{Json(folder.CertificateFile)}}", "PrivateKey": "{{Json(folder.KeyFile)}}" } ]

            A client trusts it by the authority:
              ehlo send --ca {{folder.AuthorityFile}} ...
              curl --cacert {{folder.AuthorityFile}} ...
              SSL_CERT_FILE={{folder.AuthorityFile}} for a program that uses OpenSSL
            Who has {{Path.GetFileName(folder.AuthorityKeyFile)}} can pose as any server to those who trust the authority: it stays in its folder.
            """);
        return ExitCode.Success;
    }

    private static string Json(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static int Fail(ProgramContext context, string text)
    {
        context.Error.WriteLine($"ehlo: {text}");
        return ExitCode.Usage;
    }
}
