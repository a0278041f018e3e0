using System;
using System.Collections;
using System.IO;
using System.Linq;
using Ehlo.App.Configuration;
using Ehlo.App.Webhooks;
using Xunit;

namespace Ehlo.App.Tests.Configuration;

/// <summary>What the console, releases and webhooks are told.</summary>
public sealed class ConsoleReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-configuration-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Users_base_path_and_certificate_are_read()
    {
        PemFiles.Write(_folder, "cert.pem", "key.pem");
        File.WriteAllText(Path.Combine(_folder, "users"), "");
        ConsoleOptions console = Read("""
            { "Console": { "Endpoint": "*:8025", "BasePath": "/mail/", "Certificates": [ { "Certificate": "cert.pem", "PrivateKey": "key.pem" } ],
              "Users": [ { "Name": "ann", "Password": "x" } ], "UsersFile": "users", "Administrators": ["ann"] } }
            """).Console!;
        Assert.Equal(("/mail", 1, "ann", Path.Combine(_folder, "users")),
            (console.BasePath, console.Certificates.Count, console.SignIn!.Users.Single().Name, console.SignIn.UsersFile));
        Assert.Equal(["ann"], console.SignIn.Administrators!);
        Assert.Null(Read("{}").Console!.SignIn);
    }

    [Fact]
    public void A_release_is_read()
    {
        var release = Read("""
            { "Console": { "Users": [ { "Name": "ann", "Password": "x" } ] },
              "Release": { "Server": "smtp://mail.example.org", "AllowedRecipients": ["*@example.org"], "Recipients": ["me@example.org"],
                "ReturnPath": "", "Users": ["ann"] } }
            """).Release!;
        Assert.Equal(("mail.example.org", "*@example.org", "me@example.org", true, "ann"),
            (release.Server.Host, release.AllowedRecipients.Single(), release.Recipients.Single().ToString(), release.ReturnPath!.IsNull,
            release.Users!.Single()));
        Assert.Null(Read("""{ "Release": null }""").Release);
    }

    [Fact]
    public void A_webhook_is_read()
    {
        WebhookOptions hook = Read("""
            { "Webhooks": [ { "Name": "ci", "Url": "https://ci.example.org/hook?x=1", "Secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
              "Mailbox": "billing", "Subject": "invoice", "Timeout": "00:00:05", "GiveUpAfter": "01:00:00" } ] }
            """).Webhooks.Single();
        Assert.Equal(("ci", "https://ci.example.org/hook?x=1", 24, "invoice", 5.0, 1.0),
            (hook.Name, hook.Url.ToString(), hook.Secret.Length, hook.Filter.Subject, hook.Timeout.TotalSeconds, hook.GiveUpAfter.TotalHours));
        Assert.Contains("BILLING", hook.Filter.Mailboxes!);
    }

    [Theory]
    [InlineData("""{ "Console": { "Endpoint": "*:8025" } }""",
        "Console.Endpoint: *:8025 is open to other machines, so somebody must sign in: set Console.Users or Console.UsersFile")]
    [InlineData("""{ "Console": { "Endpoint": "192.0.2.1:8025" } }""",
        "Console.Endpoint: 192.0.2.1:8025 is open to other machines, so somebody must sign in: set Console.Users or Console.UsersFile")]
    [InlineData("""{ "Console": { "BasePath": "mail" } }""",
        "Console.BasePath: must be a path such as /mail, of letters, digits, '-', '_', '.' and '~'")]
    [InlineData("""{ "Console": { "BasePath": "/a/../b" } }""",
        "Console.BasePath: must be a path such as /mail, of letters, digits, '-', '_', '.' and '~'")]
    [InlineData("""{ "Console": { "BasePath": "/a//b" } }""",
        "Console.BasePath: must be a path such as /mail, of letters, digits, '-', '_', '.' and '~'")]
    [InlineData("""{ "Console": { "Administrators": ["ann"] } }""", "Console.Administrators: needs Console.Users or Console.UsersFile")]
    [InlineData("""{ "Console": { "UsersFile": "none" } }""", "Console.UsersFile: no such file: ")]
    [InlineData("""{ "Release": { "AllowedRecipients": ["*"] } }""", "Release.Server: is missing")]
    [InlineData("""{ "Release": { "Server": "smtp://mail.example.org" } }""",
        "Release.AllowedRecipients: must name the recipients that mail may go to, as in [\"*@example.org\"]")]
    [InlineData("""{ "Release": { "Server": "http://mail.example.org", "AllowedRecipients": ["*"] } }""", "Release.Server: is not a URL such as ")]
    [InlineData("""{ "Release": { "Server": "smtp://a", "AllowedRecipients": ["*"], "Recipients": ["b"] } }""",
        "Release.Recipients[0]: is not an address")]
    [InlineData("""{ "Release": { "Server": "smtp://a", "AllowedRecipients": ["*"], "Users": ["b"] } }""",
        "Release.Users: needs Console.Users or Console.UsersFile")]
    [InlineData("""{ "Webhooks": [ { "Url": "http://a", "Secret": "123456789012345678901234" } ] }""", "Webhooks[0].Name: is missing")]
    [InlineData("""{ "Webhooks": [ { "Name": "a/b", "Url": "http://a", "Secret": "123456789012345678901234" } ] }""",
        "Webhooks[0].Name: must be letters, digits, '-' and '_', at most 50")]
    [InlineData("""{ "Webhooks": [ { "Name": "a", "Url": "ftp://a", "Secret": "123456789012345678901234" } ] }""",
        "Webhooks[0].Url: must be a URL such as https://example.org/hook, without a user")]
    [InlineData("""{ "Webhooks": [ { "Name": "a", "Url": "http://a", "Secret": "12345678901234567890123" } ] }""",
        "Webhooks[0].Secret: must be whsec_ and base64, or text, of 24 octets at least")]
    [InlineData("""{ "Webhooks": [ { "Name": "a", "Url": "http://a", "Secret": "whsec_?" } ] }""",
        "Webhooks[0].Secret: must be whsec_ and base64, or text, of 24 octets at least")]
    [InlineData("""{ "Mailboxes": [ { "Name": "a", "Users": ["ann"], "Rules": [ { "Recipient": "a@*" } ] } ] }""",
        "Mailboxes: one has Users, so somebody must sign in: set Console.Users or Console.UsersFile")]
    [InlineData("""
        { "Mailboxes": [ { "Name": "a", "Users": ["ann"], "Rules": [ { "Recipient": "a@*" } ] } ],
          "Console": { "Users": [ { "Name": "ann", "Password": "x" } ] } }
        """,
        "Console.Administrators: is missing: a mailbox has Users, so it must be said who sees all")]
    public void What_is_wrong_is_named_with_its_path(string json, string problem)
    {
        ConfigurationException exception = Assert.Throws<ConfigurationException>(() => Read(json));
        Assert.StartsWith(problem, Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    private ServeOptions Read(string json)
    {
        File.WriteAllText(Path.Combine(_folder, "ehlo.json"), json);
        return ConfigurationReader.Read(new ConfigurationSources
        {
            CurrentFolder = _folder,
            Environment = new Hashtable(),
            MachineName = "mx.test",
        }).Options;
    }
}
