using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Ehlo.Interop.Tests.Server;

/// <summary>No configuration: no TLS, any login accepted and recorded.</summary>
public sealed class PlainServer : EhloServer
{
    protected override IReadOnlyList<string> Schemes => ["smtp", "http"];

    protected override IReadOnlyList<string> Prepare() => ["--smtp", "0", "--http", "0", "--data", Path.Combine(Folder, "data")];
}

/// <summary>As <see cref="PlainServer"/>, for one test alone: a tracer is attached to it.</summary>
public sealed class TracedServer : EhloServer
{
    public string DataFolder => Path.Combine(Folder, "data");

    protected override IReadOnlyList<string> Schemes => ["smtp", "http"];

    protected override IReadOnlyList<string> Prepare() => ["--smtp", "0", "--http", "0", "--data", DataFolder];
}

/// <summary>LMTP over TCP, where peers on loopback may speak for others, and on a Unix socket.</summary>
public sealed class LmtpServer : EhloServer
{
    public int LmtpPort => PortOf("lmtp");

    public string LmtpSocket => Path.Combine(Folder, "lmtp.sock");

    protected override IReadOnlyList<string> Schemes => ["lmtp", "lmtp+unix", "http"];

    protected override IReadOnlyList<string> Prepare()
    {
        string file = Path.Combine(Folder, "ehlo.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["Listeners"] = new object[]
            {
                new { Endpoint = "127.0.0.1:0", Protocol = "Lmtp", XClient = new[] { "127.0.0.0/8" } },
                new { Endpoint = "unix:lmtp.sock", Protocol = "Lmtp" },
            },
            ["Routes"] = new object[] { new { Recipient = "refused@*", To = "reject 550 5.1.1 No such user" }, new { To = "inbox" } },
            ["Console"] = new { Endpoint = "127.0.0.1:0" },
        }));
        return ["--config", file, "--data", Path.Combine(Folder, "data")];
    }
}

/// <summary>`ehlo sink`: takes mail and drops it.</summary>
public sealed class SinkServer : EhloServer
{
    protected override string Command => "sink";

    protected override IReadOnlyList<string> Schemes => ["smtp"];

    protected override IReadOnlyList<string> Prepare() => ["--smtp", "0"];
}

/// <summary>A listener with STARTTLS and one with implicit TLS.</summary>
public abstract class SecureServer : EhloServer
{
    private TestCertificate? _certificate;

    /// <summary>What the clients trust, or "" before the start.</summary>
    public string AuthorityFile => _certificate?.AuthorityFile ?? "";

    protected override IReadOnlyList<string> Schemes => ["smtp", "smtps", "http"];

    /// <summary>Keys for each of the two listeners, beside those that make it listen.</summary>
    protected virtual IReadOnlyDictionary<string, object> ListenerKeys { get; } = new Dictionary<string, object>();

    protected virtual IReadOnlyDictionary<string, object> Keys { get; } = new Dictionary<string, object>();

    protected override IReadOnlyList<string> Prepare()
    {
        _certificate = new TestCertificate(Folder);
        Dictionary<string, object> configuration = new(Keys)
        {
            ["ServerName"] = "mx.example.org",
            ["Listeners"] = new[] { Listener("StartTls"), Listener("Implicit") },
            ["Console"] = new { Endpoint = "127.0.0.1:0" },
        };
        string file = Path.Combine(Folder, "ehlo.json");
        File.WriteAllText(file, JsonSerializer.Serialize(configuration));
        return ["--config", file, "--data", Path.Combine(Folder, "data")];
    }

    // The certificate's paths are relative: they count from the file's folder.
    private Dictionary<string, object> Listener(string tls) => new(ListenerKeys)
    {
        ["Endpoint"] = "127.0.0.1:0",
        ["Protocol"] = "Smtp",
        ["Tls"] = tls,
        ["Certificates"] = new[] { new { Certificate = TestCertificate.CertificateName, PrivateKey = TestCertificate.PrivateKeyName } },
    };
}

public sealed class TlsServer : SecureServer;

/// <summary>Nothing is taken without a login, and each one is right: tokens, and nobody's name.</summary>
public sealed class TokensServer : SecureServer
{
    public const string Token = "ya29.a-token_of~some/length+more";

    protected override IReadOnlyDictionary<string, object> ListenerKeys { get; } = new Dictionary<string, object>
    {
        ["RequireAuthentication"] = true,
        ["Mechanisms"] = new[] { "OAUTHBEARER", "XOAUTH2", "ANONYMOUS" },
    };

    protected override IReadOnlyDictionary<string, object> Keys { get; } = new Dictionary<string, object> { ["Authentication"] = "Any" };
}

/// <summary>Nothing is taken without a login, and only those of the listed users are right.</summary>
public sealed class UsersServer : SecureServer
{
    public const string UserName = "app";

    // With what a client could take for a separator, an escape or an encoding of its own.
    public const string Password = "a:b=c+d/e%41&f";

    protected override IReadOnlyDictionary<string, object> ListenerKeys { get; } =
        new Dictionary<string, object> { ["RequireAuthentication"] = true };

    protected override IReadOnlyDictionary<string, object> Keys { get; } = new Dictionary<string, object>
    {
        ["Authentication"] = "Users",
        ["Users"] = new[] { new { Name = "other", Password = "not this" }, new { Name = UserName, Password } },
    };
}
