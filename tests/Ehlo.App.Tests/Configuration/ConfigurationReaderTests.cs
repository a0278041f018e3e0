using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ehlo.App.Configuration;
using Ehlo.App.Routing;
using Xunit;

namespace Ehlo.App.Tests.Configuration;

public sealed class ConfigurationReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-configuration-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_configuration_the_defaults_are_an_inbox_for_trials()
    {
        ServeOptions options = Read(null).Options;
        ListenerOptions listener = Assert.Single(options.Listeners);
        Assert.Equal("127.0.0.1:2525", listener.Endpoint.ToString());
        Assert.Equal(ListenerProtocol.Smtp, listener.Protocol);
        Assert.Equal(ListenerTls.None, listener.Tls);
        Assert.False(listener.RequireAuthentication);
        Assert.True(listener.AllowPlaintextAuthentication);
        Assert.Null(listener.Mechanisms);
        Assert.Equal(AuthenticationMode.Any, options.Authentication);
        Assert.Equal("127.0.0.1:8025", options.Console!.Endpoint.ToString());
        Assert.Equal(Path.Combine(_folder, "ehlo-data"), options.DataDirectory);
        Assert.Equal(new LimitsOptions(), options.Limits);
        Assert.Equal(52_428_800, options.Limits.MaxMessageOctets);
        Assert.Equal(new ExtensionsOptions(), options.Extensions);
        Assert.IsType<Destination.Inbox>(options.Routes.Find("a@b", "127.0.0.1:2525", false));
        Assert.Equal("mx.test", options.ServerName);
    }

    [Fact]
    public void Every_fixed_key_is_read()
    {
        PemFiles.Write(_folder, "cert.pem", "key.pem");
        ConfigurationResult result = Read("""
            // Comments and trailing commas are fine.
            {
              "ServerName": "mx.example.org",
              "DataDirectory": "mail",
              "Listeners": [
                { "Endpoint": "*:25", "Protocol": "Smtp", "Tls": "StartTls",
                  "Certificates": [ { "Certificate": "cert.pem", "PrivateKey": "key.pem" } ],
                  "RequireTls": true, "RequireAuthentication": true, "AllowPlaintextAuthentication": true,
                  "Mechanisms": ["plain", "LOGIN"], "ProxyProtocol": [], "XClient": ["192.0.2.1", "2001:db8::/32"] },
                { "Endpoint": "unix:sockets/submit", "Protocol": "Submission", "AllowPlaintextAuthentication": true },
                { "Endpoint": "127.0.0.1:24", "Protocol": "lmtp" },
              ],
              "Authentication": "Users",
              "Users": [ { "Name": "app", "Password": "for trials" } ],
              "Extensions": { "Chunking": false, "BinaryMime": false, "SmtpUtf8": false, "Dsn": false, "RequireTls": false,
                              "DeliverBy": 60, "MtPriority": "MIXER", "Rrvs": false, "FutureRelease": 86400 },
              "Limits": { "MaxMessageOctets": 1000, "MaxRecipients": 3, "MaxCommandLineOctets": 512, "MaxErrors": 4,
                          "MaxRefusedRecipients": 8, "MaxConnections": 5, "MaxConnectionsPerAddress": 6, "CommandTimeout": "00:00:07",
                          "MaxMemoryOctets": 268435456, "MinContentOctetsPerSecond": 9 },
              "Routes": [ { "Recipient": "*@example.org", "Listener": "*:25", "Authenticated": true, "To": "discard" } ],
              "Console": { "Endpoint": "[::1]:0", "Hosts": ["mail.example.org"] }
            }
            """);
        ServeOptions options = result.Options;
        Assert.Equal("mx.example.org", options.ServerName);
        Assert.Equal(Path.Combine(_folder, "mail"), options.DataDirectory);
        ListenerOptions first = options.Listeners[0];
        Assert.Equal(EndpointKind.Any, first.Endpoint.Kind);
        Assert.Equal(ListenerTls.StartTls, first.Tls);
        Assert.Equal(new CertificateOptions(Path.Combine(_folder, "cert.pem"), Path.Combine(_folder, "key.pem")), first.Certificates[0]);
        Assert.True(first.RequireTls && first.RequireAuthentication && first.AllowPlaintextAuthentication);
        Assert.Equal(["PLAIN", "LOGIN"], first.Mechanisms);
        Assert.Equal(["192.0.2.1/32", "2001:db8::/32"], first.XClient.Select(network => network.ToString()));
        Assert.Equal(ListenerProtocol.Lmtp, options.Listeners[2].Protocol);
        ListenerOptions second = options.Listeners[1];
        Assert.Equal($"unix:{_folder}/sockets/submit", second.Endpoint.ToString());
        Assert.True(second.RequireAuthentication);
        Assert.True(second.AllowPlaintextAuthentication);
        UserOptions user = Assert.Single(options.Users);
        Assert.Equal("app", user.Name);
        Assert.True(user.Credential.Verify("for trials"));
        Assert.False(user.Credential.Verify("for trial"));
        Assert.Contains("Users[0].Password", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(ExtensionsOfTheFile, options.Extensions);
        Assert.Equal(LimitsOfTheFile, options.Limits);
        Assert.IsType<Destination.Discard>(options.Routes.Find("a@EXAMPLE.org", "*:25", true));
        Assert.Null(options.Routes.Find("a@example.org", "*:25", false));
        Assert.Equal("[::1]:0", options.Console!.Endpoint.ToString());
        Assert.Equal(["mail.example.org"], options.Console.Hosts);
    }

    private static ExtensionsOptions ExtensionsOfTheFile => new()
    {
        Chunking = false,
        BinaryMime = false,
        SmtpUtf8 = false,
        Dsn = false,
        RequireTls = false,
        Rrvs = false,
        DeliverBy = 60,
        MtPriority = "MIXER",
        FutureRelease = 86400,
    };

    private static LimitsOptions LimitsOfTheFile => new()
    {
        MaxMessageOctets = 1000,
        MaxRecipients = 3,
        MaxCommandLineOctets = 512,
        MaxErrors = 4,
        MaxRefusedRecipients = 8,
        MaxConnections = 5,
        MaxConnectionsPerAddress = 6,
        CommandTimeout = TimeSpan.FromSeconds(7),
        MaxMemoryOctets = 268_435_456,
        MinContentOctetsPerSecond = 9,
    };

    public static TheoryData<string, string> WrongConfigurations => new()
    {
        { """{ "Colour": 1 }""", "Colour: unknown key" },
        { """{ "Listeners": [ { "Endpoint": "*:25", "Colour": 1 } ] }""", "Listeners[0].Colour: unknown key" },
        { """{ "ServerName": "a_b" }""", "ServerName: must be a domain in ASCII or an address literal such as [192.0.2.1]" },
        { """{ "ServerName": 5 }""", "ServerName: must be a string, not a number" },
        { """{ "DataDirectory": "" }""", "DataDirectory: must not be empty" },
        { """{ "Listeners": {} }""", "Listeners: must be a list, not an object" },
        { """{ "Listeners": null }""", "Listeners: must be a list, not null" },
        { """{ "Listeners": [] }""", "Listeners: must hold at least one listener" },
        { """{ "Listeners": [ 25 ] }""", "Listeners[0]: must be an object, not a number" },
        { """{ "Listeners": [ {} ] }""", "Listeners[0].Endpoint: is missing" },
        { """{ "Listeners": [ { "Endpoint": "*:25" }, { "Endpoint": "*:25" } ] }""", "Listeners[1].Endpoint: given to two listeners" },
        { """{ "Authentication": "None" }""", "Authentication: must be Users or Any" },
        { """{ "Users": [ { "Name": "a" } ] }""", "Users[0].Password: is missing" },
        { """{ "Users": [ { "Password": "a" } ] }""", "Users[0].Name: is missing" },
        { """{ "Users": [ { "Name": "a", "Credential": "x" } ] }""",
            "Users[0].Credential: is not what `ehlo user add` prints" },
        { """{ "Users": [ { "Name": "a", "Password": "x" }, { "Name": "a", "Password": "y" } ] }""", "Users[1].Name: given to two users" },
        { """{ "Extensions": { "Chunking": false, "BinaryMime": true } }""", "Extensions.BinaryMime: needs Chunking" },
        { """{ "Extensions": { "Dsn": 1 } }""", "Extensions.Dsn: must be true or false" },
        { """{ "Extensions": { "RequireTls": "yes" } }""", "Extensions.RequireTls: must be true or false" },
        { """{ "Extensions": { "Rrvs": null } }""", "Extensions.Rrvs: must be true or false" },
        { """{ "Extensions": { "DeliverBy": -1 } }""", "Extensions.DeliverBy: must be a whole number from 0 to 999999999" },
        { """{ "Extensions": { "MtPriority": 3 } }""", "Extensions.MtPriority: must be a string, not a number" },
        { """{ "Extensions": { "MtPriority": "a b" } }""",
            "Extensions.MtPriority: must be null, \"\" or a profile's name: letters, digits and hyphens" },
        { """{ "Extensions": { "FutureRelease": 60 } }""",
            "Extensions.FutureRelease: is for submission (RFC 4865), and no listener has Protocol Submission" },
        { """{ "Extensions": { "FutureRelease": 0 } }""", "Extensions.FutureRelease: must be a whole number from 1 to 999999999" },
        { """{ "Extensions": { "Pipelining": true } }""", "Extensions.Pipelining: unknown key" },
        { """{ "Limits": { "MaxMessageOctets": 0 } }""", "Limits.MaxMessageOctets: must be a whole number from 1 to 1099511627776" },
        { """{ "Limits": { "MaxRecipients": 1.5 } }""", "Limits.MaxRecipients: must be a whole number from 1 to 1000000" },
        { """{ "Limits": { "MaxRecipients": "9" } }""", "Limits.MaxRecipients: must be a whole number from 1 to 1000000" },
        { """{ "Limits": { "MaxCommandLineOctets": 511 } }""", "Limits.MaxCommandLineOctets: must be a whole number from 512 to 65536" },
        { """{ "Limits": { "MaxMemoryOctets": 268435455 } }""", "Limits.MaxMemoryOctets: must be null, 0 or at least 268435456" },
        { """{ "Limits": { "MaxMemoryOctets": "1g" } }""", "Limits.MaxMemoryOctets: must be a whole number from 0 to 9223372036854775807" },
        { """{ "Limits": { "MinContentOctetsPerSecond": -1 } }""",
            "Limits.MinContentOctetsPerSecond: must be a whole number from 0 to 2147483647" },
        { """{ "Limits": { "MaxErrors": -1 } }""", "Limits.MaxErrors: must be a whole number from 1 to 2147483647" },
        { """{ "Limits": { "CommandTimeout": 300 } }""",
            "Limits.CommandTimeout: must be a time as hours:minutes:seconds, from 00:00:01 to 1.00:00:00" },
        { """{ "Limits": { "CommandTimeout": "1" } }""",
            "Limits.CommandTimeout: must be a time as hours:minutes:seconds, from 00:00:01 to 1.00:00:00" },
        { """{ "Limits": [] }""", "Limits: must be an object, not a list" },
        { """{ "Routes": [ { "Recipient": "*" } ] }""", "Routes[0].To: is missing" },
        { """{ "Routes": [ { "To": "relay" } ] }""", "Routes[0].To: relaying is not built yet" },
        { """{ "Routes": [ { "To": "lmtp:127.0.0.1:24" } ] }""", "Routes[0].To: delivery by LMTP is not built yet" },
        { """{ "Routes": [ { "To": "reject 250 2.1.1 Yes" } ] }""", "Routes[0].To: the code of reject must be 4yz or 5yz" },
        { """{ "Routes": [ { "To": "inbox", "Listener": "*:1" } ] }""", "Routes[0].Listener: \"*:1\" is not the endpoint of a listener" },
        { """{ "Routes": [ { "To": "inbox", "Authenticated": "yes" } ] }""", "Routes[0].Authenticated: must be true or false" },
        { """{ "Console": "off" }""", "Console: must be an object, not a string" },
        { """{ "Console": { "Endpoint": "unix:/x" } }""", "Console.Endpoint: the console on a Unix socket is not built yet" },
        { """{ "Console": { "Hosts": ["a:80"] } }""", "Console.Hosts[0]: must be a host name in ASCII, without scheme and port" },
        { """{ "Limits": { "MaxErrors": 1, "maxErrors": 2 } }""", "Limits.maxErrors: given twice" },
    };

    public static TheoryData<string, string> WrongListeners => new()
    {
        { Listener("\"Protocol\": \"Lmtp\""), "Listeners[0].Protocol: Lmtp must not be on port 25 (RFC 2033 section 3)" },
        { Listener("\"Protocol\": \"Http\""), "Listeners[0].Protocol: must be Smtp, Submission or Lmtp" },
        { Listener("\"Protocol\": \"1\""), "Listeners[0].Protocol: must be Smtp, Submission or Lmtp" },
        { Listener("\"Tls\": \"Always\""), "Listeners[0].Tls: must be None, StartTls or Implicit" },
        { Listener("\"Tls\": \"Implicit\""), "Listeners[0].Certificates: must hold at least one certificate for Tls Implicit" },
        { Listener("\"RequireTls\": true"), "Listeners[0].RequireTls: cannot be kept with Tls None" },
        { Listener("\"RequireTls\": \"true\""), "Listeners[0].RequireTls: must be true or false" },
        { Listener("\"RequireAuthentication\": true, \"Mechanisms\": []"),
            "Listeners[0].RequireAuthentication: cannot be kept without a mechanism" },
        { Listener("\"AllowPlaintextAuthentication\": 1"), "Listeners[0].AllowPlaintextAuthentication: must be true or false" },
        { Listener("\"Mechanisms\": [\"PLAIN\", \"NTLM\"]"), "Listeners[0].Mechanisms[1]: \"NTLM\" is not a mechanism; these are: " +
            "SCRAM-SHA-512-PLUS, SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-512, SCRAM-SHA-256, SCRAM-SHA-1, EXTERNAL, OAUTHBEARER, XOAUTH2, " +
            "PLAIN, LOGIN, CRAM-MD5, ANONYMOUS" },
        { Listener("\"ProxyProtocol\": [\"proxy.example\"]"),
            "Listeners[0].ProxyProtocol[0]: \"proxy.example\" is not an address such as 192.0.2.1, or a network such as 10.0.0.0/8" },
        { Listener("\"GreetingDelay\": \"00:02:00\""),
            "Listeners[0].GreetingDelay: must be a time as hours:minutes:seconds, from 00:00:00 to 00:01:00" },
        { Listener("\"ClientCertificates\": {}"), "Listeners[0].ClientCertificates: cannot be asked for with Tls None" },
        { Listener("\"ClientCertificates\": { \"Mode\": \"Always\" }"),
            "Listeners[0].ClientCertificates.Mode: must be None, Request or Require" },
        { Listener("\"XClient\": [\"127.0.0.1\", \"127.1\"]"),
            "Listeners[0].XClient[1]: \"127.1\" is not an address such as 192.0.2.1, or a network such as 10.0.0.0/8" },
        { Listener("\"XClient\": [\"10.0.0.0/33\"]"),
            "Listeners[0].XClient[0]: \"10.0.0.0/33\" is not an address such as 192.0.2.1, or a network such as 10.0.0.0/8" },
        { Listener("\"Certificates\": [ { \"Certificate\": \"/none/c.pem\" } ]"), "Listeners[0].Certificates[0].PrivateKey: is missing" },
        { Listener("\"Certificates\": [ { \"Certificate\": \"/none/c.pem\", \"PrivateKey\": \"/none/k.pem\" } ]"),
            "Listeners[0].Certificates[0].Certificate: no such file: /none/c.pem" },
    };

    [Theory]
    [MemberData(nameof(WrongConfigurations))]
    [MemberData(nameof(WrongListeners))]
    public void A_wrong_value_is_named_by_its_full_path(string json, string problem) => Assert.Contains(problem, Problems(json));

    [Fact]
    public void All_problems_are_listed_at_once()
    {
        IReadOnlyList<string> problems = Problems("""
            { "Colour": 1, "Limits": { "MaxErrors": 0 }, "Listeners": [ { "Endpoint": "here", "ProxyProtocol": ["*"] } ] }
            """);
        Assert.Equal(4, problems.Count);
    }

    [Fact]
    public void What_a_listener_does_before_a_session_is_read()
    {
        PemFiles.Write(_folder, "c.pem", "k.pem");
        ListenerOptions listener = Read(Listener(
            Certificate("c.pem", "k.pem") + """
            , "ProxyProtocol": ["192.0.2.1", "2001:db8::/32"], "GreetingDelay": "00:00:05",
            "ClientCertificates": { "Mode": "Require", "Roots": "c.pem" }
            """)).Options.Listeners[0];
        Assert.Equal(["192.0.2.1/32", "2001:db8::/32"], listener.ProxyProtocol.Select(network => network.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(5), listener.GreetingDelay);
        Assert.Equal(new ClientCertificatesOptions(true, Path.Combine(_folder, "c.pem")), listener.ClientCertificates);
    }

    [Fact]
    public void A_listener_with_a_certificate_offers_STARTTLS()
    {
        PemFiles.Write(_folder, "c.pem", "k.pem");
        Assert.Equal(ListenerTls.StartTls, Read(Listener(Certificate("c.pem", "k.pem"))).Options.Listeners[0].Tls);
    }

    [Theory]
    [InlineData("c.pem", "other.pem")]
    [InlineData("k.pem", "k.pem")]
    [InlineData("c.pem", "c.pem")]
    [InlineData("text.pem", "k.pem")]
    public void A_certificate_that_cannot_be_used_is_named_by_its_path(string certificate, string key)
    {
        PemFiles.Write(_folder, "c.pem", "k.pem");
        PemFiles.Write(_folder, "unused.pem", "other.pem");
        File.WriteAllText(Path.Combine(_folder, "text.pem"), "Hello");
        Assert.StartsWith(
            $"Listeners[0].Certificates[0].Certificate: {Path.Combine(_folder, certificate)} and {Path.Combine(_folder, key)} are not ",
            Assert.Single(Problems(Listener(Certificate(certificate, key)))),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Listeners": [ { "Endpoint": "*:25", "RequireAuthentication": true } ], "Authentication": "Users" }""", "without Users")]
    [InlineData("""{ "Listeners": [ { "Endpoint": "*:25", "Protocol": "Submission" } ], "Users": [] }""", "without Users")]
    [InlineData(
        """
        { "Listeners": [ { "Endpoint": "*:25", "Protocol": "Submission", "Mechanisms": ["PLAIN", "CRAM-MD5"] } ],
          "Users": [ { "Name": "a", "Password": "b" } ] }
        """,
        "without TLS, unless AllowPlaintextAuthentication is true")]
    [InlineData(
        """{ "Listeners": [ { "Endpoint": "*:25", "Protocol": "Submission", "Mechanisms": ["SCRAM-SHA-256"] } ] }""",
        "with these Mechanisms: none of them can succeed here")]
    [InlineData(
        """
        { "Listeners": [ { "Endpoint": "*:25", "Protocol": "Submission", "Mechanisms": ["SCRAM-SHA-256-PLUS", "EXTERNAL"] } ],
          "Users": [ { "Name": "a", "Password": "b" } ] }
        """,
        "with these Mechanisms: none of them can succeed here")]
    public void Authentication_that_nobody_can_pass_is_not_required(string json, string reason) =>
        Assert.Equal($"Listeners[0].RequireAuthentication: cannot be kept {reason}", Assert.Single(Problems(json)));

    [Theory]
    [InlineData("""{ "Listeners": [ { "Endpoint": "*:25", "Protocol": "Submission" } ], "Users": [ { "Name": "a", "Password": "b" } ] }""")]
    [InlineData(
        """
        { "Listeners": [ { "Endpoint": "unix:/s", "Protocol": "Submission", "Mechanisms": ["PLAIN"] } ],
          "Users": [ { "Name": "a", "Password": "b" } ] }
        """)]
    public void Authentication_that_somebody_can_pass_may_be_required_without_TLS(string json) =>
        Assert.True(Assert.Single(Read(json).Options.Listeners).RequireAuthentication);

    [Theory]
    [InlineData("Any", "SCRAM-SHA-1", "it proves a password that is known, and under Authentication Any none is")]
    [InlineData("Users", "cram-md5", "it needs passwords in clear, and only keys are kept of them")]
    [InlineData("Users", "OAUTHBEARER", "no token can be checked here; under Authentication Any each one is accepted")]
    [InlineData("Users", "ANONYMOUS", "whoever has no name is let in under Authentication Any only")]
    [InlineData("Any", "ANONYMOUS", null)]
    [InlineData("Any", "XOAUTH2", null)]
    [InlineData("Users", "SCRAM-SHA-512-PLUS", null)]
    public void A_mechanism_that_cannot_succeed_is_warned_of(string mode, string mechanism, string? reason)
    {
        string json = $$"""{ "Listeners": [ { "Endpoint": "*:25", "Mechanisms": ["{{mechanism}}"] } ], "Authentication": "{{mode}}" }""";
        ConfigurationResult result = Read(json);
        Assert.Equal([mechanism.ToUpperInvariant()], result.Options.Listeners[0].Mechanisms!);
        Assert.Equal(
            reason is null ? [] : [$"Listeners[0].Mechanisms[0]: {mechanism.ToUpperInvariant()} will not be offered: {reason}"], result.Warnings);
    }

    [Fact]
    public void A_file_that_is_not_JSON_is_named_with_its_line()
    {
        string problem = Assert.Single(Problems("{\n\"Limits\": }\n"));
        Assert.StartsWith($"{Path.Combine(_folder, "ehlo.json")}: line 2: ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Console_null_is_off() => Assert.Null(Read("""{ "Console": null }""").Options.Console);

    [Fact]
    public void The_environment_beats_the_file_whatever_its_case()
    {
        ServeOptions options = Read(
            """{ "Limits": { "MaxRecipients": 3, "MaxErrors": 4 }, "Listeners": [ { "Endpoint": "127.0.0.1:25" } ], "Console": {} }""",
            ("EHLO__LIMITS__MAXRECIPIENTS", "7"),
            ("EHLO__Listeners__0__Endpoint", "127.0.0.1:26"),
            ("EHLO__Listeners__1__Endpoint", "127.0.0.1:27"),
            ("EHLO__Listeners__1__RequireAuthentication", "TRUE"),
            ("EHLO__Routes__0__To", "discard"),
            ("EHLO__Console", "null"),
            ("PATH", "/bin")).Options;
        Assert.Equal(7, options.Limits.MaxRecipients);
        Assert.Equal(4, options.Limits.MaxErrors);
        Assert.Equal(["127.0.0.1:26", "127.0.0.1:27"], options.Listeners.Select(l => l.Endpoint.ToString()));
        Assert.True(options.Listeners[1].RequireAuthentication);
        Assert.IsType<Destination.Discard>(options.Routes.Find("a@b", "127.0.0.1:26", false));
        Assert.Null(options.Console);
    }

    [Fact]
    public void A_list_in_the_environment_replaces_the_default_list_and_grows_in_the_order_of_its_indexes()
    {
        (string, string)[] variables =
        [
            .. Enumerable.Range(0, 12).Select(i => ($"EHLO__Listeners__{i}__Endpoint", $"127.0.0.1:{100 + i}")),
            ("EHLO__Listeners__2__Tls", "None"),
        ];
        Assert.Equal(Enumerable.Range(100, 12), Read(null, variables).Options.Listeners.Select(l => l.Endpoint.Port));
    }

    [Theory]
    [InlineData(
        "EHLO__Limits__MaxErrors", "many", "Limits.MaxErrors: must be a whole number from 1 to 2147483647 (from EHLO__Limits__MaxErrors)")]
    [InlineData("EHLO__Limitz__MaxErrors", "5", "Limitz: unknown key")]
    [InlineData("EHLO__Limits__Max", "5", "Limits.Max: unknown key (from EHLO__Limits__Max)")]
    [InlineData(
        "EHLO__Listeners__1__Endpoint",
        "*:25",
        "EHLO__Listeners__1__Endpoint: \"1\" is not an index of the list or the next after its end")]
    [InlineData("EHLO__Limits____MaxErrors", "5", "EHLO__Limits____MaxErrors: names no key")]
    [InlineData("EHLO__", "5", "EHLO__: names no key")]
    public void A_wrong_variable_is_named(string name, string value, string problem) =>
        Assert.Contains(problem, Assert.Throws<ConfigurationException>(() => Read(null, (name, value))).Problems);

    [Fact]
    public void The_command_line_beats_the_environment()
    {
        File.WriteAllText(Path.Combine(_folder, "ehlo.json"), """
            { "Listeners": [ { "Endpoint": "[::1]:25" } ], "Routes": [ { "To": "discard", "Listener": "[::1]:25" } ], "Console": null }
            """);
        ServeOptions options = ConfigurationReader.Read(Sources() with { SmtpPort = 0, HttpPort = 81, DataDirectory = "x" }).Options;
        Assert.Equal("[::1]:0", options.Listeners[0].Endpoint.ToString());
        Assert.IsType<Destination.Discard>(options.Routes.Find("a@b", options.Listeners[0].Name, false));
        Assert.Equal("127.0.0.1:81", options.Console!.Endpoint.ToString());
        Assert.Equal(Path.Combine(_folder, "x"), options.DataDirectory);
    }

    [Fact]
    public void Paths_are_from_the_folder_of_the_file_and_those_of_a_variable_from_the_current_one()
    {
        string other = Directory.CreateDirectory(Path.Combine(_folder, "etc")).FullName;
        File.WriteAllText(Path.Combine(other, "mail.json"), """{ "DataDirectory": "mail" }""");
        ConfigurationSources sources = Sources() with { File = "etc/mail.json" };
        Assert.Equal(Path.Combine(other, "mail"), ConfigurationReader.Read(sources).Options.DataDirectory);
        sources = sources with { Environment = new Hashtable { ["EHLO__DataDirectory"] = "mail" } };
        Assert.Equal(Path.Combine(_folder, "mail"), ConfigurationReader.Read(sources).Options.DataDirectory);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{ \"A\": \"\\ud800\" }")]
    [InlineData("{\"A\":{\"A\":{\"A\":{\"A\":{\"A\":{\"A\":{\"A\":{\"A\":{\"A\":1}}}}}}}}}")]
    public void What_is_not_a_JSON_object_is_a_problem_that_names_the_file(string json) =>
        Assert.Contains("ehlo.json: ", Assert.Single(Problems(json)), StringComparison.Ordinal);

    [Fact]
    public void A_file_named_on_the_command_line_must_exist() => Assert.Contains(
        "none.json: no such file",
        Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(Sources() with { File = "none.json" })).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("My_PC", "localhost")]
    [InlineData("build-7", "build-7")]
    public void A_machine_name_that_is_no_domain_is_not_used(string machine, string name) =>
        Assert.Equal(name, ConfigurationReader.Read(Sources() with { MachineName = machine }).Options.ServerName);

    private static string Listener(string members) => $$"""{ "Listeners": [ { "Endpoint": "127.0.0.1:25", {{members}} } ] }""";

    private static string Certificate(string certificate, string key) =>
        $$"""  "Certificates": [ { "Certificate": "{{certificate}}", "PrivateKey": "{{key}}" } ] """;

    private ConfigurationSources Sources(params (string Name, string Value)[] variables)
    {
        Hashtable environment = [];
        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }
        return new ConfigurationSources { CurrentFolder = _folder, Environment = environment, MachineName = "mx.test" };
    }

    private ConfigurationResult Read(string? json, params (string Name, string Value)[] variables)
    {
        if (json is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "ehlo.json"), json);
        }
        return ConfigurationReader.Read(Sources(variables));
    }

    private IReadOnlyList<string> Problems(string json) => Assert.Throws<ConfigurationException>(() => Read(json)).Problems;
}
