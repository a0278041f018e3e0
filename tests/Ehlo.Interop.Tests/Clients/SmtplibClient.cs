using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>Python's smtplib, of the system's Python.</summary>
internal sealed class SmtplibClient : MailClient
{
    public override string Name => "smtplib";

    public override Abilities Abilities =>
        Abilities.Clear | Abilities.Tls | Abilities.Auth | Abilities.EightBit | Abilities.SmtpUtf8 | Abilities.Many | Abilities.AnyContent;

    public override async Task SendAsync(Delivery delivery)
    {
        using TempFolder folder = new();
        List<string> contents = [];
        foreach (byte[] content in delivery.Contents)
        {
            contents.Add(await folder.WriteAsync($"content-{contents.Count}", content));
        }
        bool eightBit = delivery.Contents.Any(content => content.AsSpan().ContainsAnyInRange((byte)128, (byte)255));
        byte[] job = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["host"] = delivery.Host,
            ["port"] = delivery.Port,
            ["security"] = delivery.Security.ToString(),
            ["authority"] = delivery.AuthorityFile,
            ["hello"] = "client.example",
            ["mechanism"] = delivery.Login?.Mechanism.ToString().ToUpperInvariant() ?? "",
            ["user"] = delivery.Login?.User ?? "",
            ["password"] = delivery.Login?.Password ?? "",
            ["from"] = delivery.From,
            ["to"] = delivery.To,
            ["contents"] = contents,
            ["options"] = (delivery.Utf8, eightBit) switch
            {
                (true, _) => new[] { "SMTPUTF8", "BODY=8BITMIME" },
                (_, true) => ["BODY=8BITMIME"],
                _ => [],
            },
        });
        string script = Path.Combine(AppContext.BaseDirectory, "smtplib_client.py");
        await ChildProgram.RunAsync("/usr/bin/python3", [script, await folder.WriteAsync("job.json", job)], folder);
    }
}
