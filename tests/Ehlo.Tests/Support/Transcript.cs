using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;
using Microsoft.Extensions.Time.Testing;

namespace Ehlo.Tests.Support;

/// <summary>
/// A dialogue as a file: <c>#</c> prose, <c>server:</c> an option, <c>handler:</c> what the session class answers, <c>C:</c> a line of the
/// client with CRLF, <c>C|</c> its raw octets with escapes, <c>S:</c> a reply line (<c>S: ...</c> for the rest of a reply),
/// <c>-- TLS</c> a handshake, and <c>=</c> what the session class saw: a message stored, a reset, an abort.
/// </summary>
internal sealed class Transcript
{
    private Transcript(string name) => Name = name;

    /// <summary>The client's address, where it has one.</summary>
    public static IPEndPoint Peer { get; } = new(IPAddress.Parse("192.0.2.1"), 40000);

    public string Name { get; }

    /// <summary>What the client sends and the server answers, in turn; a turn may begin with a handshake.</summary>
    public List<Turn> Turns { get; } = [];

    /// <summary>The <c>=</c> lines.</summary>
    public List<string> Expected { get; } = [];

    private List<string> Server { get; } = [];

    private List<string> Handler { get; } = [];

    internal sealed record Turn(bool BeginsWithTls)
    {
        public List<byte[]> Sends { get; } = [];

        public List<string> Replies { get; } = [];

        /// <summary>The line of the file before which its replies stand.</summary>
        public int LastLine { get; set; }
    }

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Transcripts");

    /// <param name="name">The file's name, which is a sentence.</param>
    /// <param name="eachLineIsATurn">For a file whose replies are yet to be written.</param>
    public static Transcript Read(string name, bool eachLineIsATurn = false)
    {
        Transcript transcript = new(name);
        Turn turn = new(false);
        transcript.Turns.Add(turn);
        string[] lines = File.ReadAllLines(Path.Combine(Folder, name + ".smtp"));
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (line.StartsWith("C:", StringComparison.Ordinal) || line.StartsWith("C|", StringComparison.Ordinal) || line == "-- TLS")
            {
                if (turn.Replies.Count > 0 || line == "-- TLS" || eachLineIsATurn) transcript.Turns.Add(turn = new(line == "-- TLS"));
                if (line != "-- TLS") turn.Sends.Add(Octets(line));
                turn.LastLine = i + 1;
            }
            else if (line.StartsWith("S:", StringComparison.Ordinal)) turn.Replies.Add(line.Length > 3 ? line[3..] : "");
            else if (line.StartsWith("= ", StringComparison.Ordinal)) transcript.Expected.Add(line[2..]);
            else if (line.StartsWith("server: ", StringComparison.Ordinal)) transcript.Server.Add(line["server: ".Length..]);
            else if (line.StartsWith("handler: ", StringComparison.Ordinal)) transcript.Handler.Add(line["handler: ".Length..]);
            else if (line.Length > 0 && line[0] != '#') throw new FormatException($"{name}.smtp, line {i + 1}: '{line}'");
        }
        return transcript;
    }

    /// <summary>The session class of the <c>handler:</c> lines: METHOD MATCH -> REPLY, or -> throw.</summary>
    public SessionScript NewScript()
    {
        SessionScript script = new();
        foreach (string line in Handler)
        {
            string[] parts = line.Split(" -> ", 2);
            string[] call = parts[0].Split(' ', 2);
            script.On(call[0], call.Length > 1 ? call[1] : "", parts[1] == "throw" ? null : ParseReply(parts[1]));
        }
        if (Text("password") is { } password) script.Password = password;
        if (Text("salt") is { } salt) script.Salt = Convert.FromBase64String(salt);
        if (Text("mechanisms") is not null) script.AuthenticationKinds = AllKinds;
        script.Hidden = Text("hides");
        if (Server.Contains("no authentication")) script.AuthenticationKinds = AuthenticationKinds.None;
        return script;
    }

    /// <summary>A server of the <c>server:</c> lines.</summary>
    public SmtpServer NewServer(SessionScript script, out SmtpListener listener)
    {
        listener = new(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Protocol = Server.Contains("lmtp") ? MailProtocol.Lmtp : MailProtocol.Smtp,
            IsSubmission = Server.Contains("submission"),
            AllowPlaintextAuthentication = !Server.Contains("no plaintext authentication"),
            XClient = Trusted(),
            RequireAuthentication = Server.Contains("require authentication"),
            RequireTls = Server.Contains("require tls"),
        };
        if (Text("mechanisms")?.Split(' ') is { } names)
            listener.Mechanisms = [.. SaslMechanisms.All.Where(mechanism => names.Contains(mechanism.Name))];
        if (Text("nonce") is { } nonce) listener.NewNonce = () => nonce;
        if (Server.Contains("tls") || listener.RequireTls)
            (listener.Tls, listener.Certificates) = (TlsMode.StartTls, TestCertificates.For("mx.example"));
        SmtpServerOptions options = new()
        {
            ServerName = "mx.example",
            Listeners = { listener },
            Chunking = !Server.Contains("no chunking"),
            SmtpUtf8 = !Server.Contains("no smtputf8"),
            FakeSaltKey = "the key of the salts of nobody"u8.ToArray(),
            BinaryMime = !Server.Contains("no binarymime"),
            Extensions = [.. (Text("extensions") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(NewExtension)],
            // So that the times in FUTURERELEASE stand still; no transcript waits.
            TimeProvider = new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)),
            Limits = new()
            {
                MaxMessageOctets = Number("max message octets", 1000),
                MaxRecipients = Number("max recipients", 100),
                MaxErrors = Number("max errors", 20),
                MaxCommands = Number("max commands", 1000),
                MaxRefusedRecipients = Number("max refused recipients", 100),
                MaxAuthenticationFailures = Number("max authentication failures", 3),
                MaxCommandLineOctets = 512,
                AuthenticationFailureDelay = TimeSpan.Zero,
            },
        };
        return new(options, connection => new ScriptedSession(connection, script));
    }

    private static Extension NewExtension(string text)
    {
        string[] parts = text.Split('=', 2);
        string? value = parts.Length > 1 ? parts[1] : null;
        return parts[0] switch
        {
            "DSN" => new DsnExtension(),
            "REQUIRETLS" => new RequireTlsExtension(),
            "DELIVERBY" => new DeliverByExtension(int.Parse(value ?? "0", CultureInfo.InvariantCulture)),
            "MT-PRIORITY" => new MtPriorityExtension(value),
            "RRVS" => new RrvsExtension(),
            "EXPN" => new ExpnExtension(),
            "LIMITS" => new LimitsExtension(),
            "FUTURERELEASE" => new FutureReleaseExtension(int.Parse(value!, CultureInfo.InvariantCulture)),
            "NO-SOLICITING" => new NoSolicitingExtension(value?.Split(',') ?? []),
            "X-COLOUR" => new ColourExtension(),
            _ => throw new FormatException(text),
        };
    }

    private IReadOnlyList<IPNetwork> Trusted() => Server.Contains("trusts the peer") ? [IPNetwork.Parse("192.0.2.0/24")]
        : Server.Contains("trusts another") ? [IPNetwork.Parse("198.51.100.7/32")]
        : [];

    public SessionHarness NewHarness(SessionScript script)
    {
        _ = NewServer(script, out SmtpListener listener);
        return new(listener.SessionOptions, script, listener.TrustsXClient(Peer.Address))
        {
            ChannelBindings = Text("channel binding") is { } data ? [new(ChannelBinding.TlsServerEndPoint, Encoding.UTF8.GetBytes(data))] : [],
            ClientCertificate = Encoding.UTF8.GetBytes(Text("client certificate") ?? ""),
        };
    }

    /// <summary>Of the calls of a session class, those that a transcript shows.</summary>
    public static IEnumerable<string> Shown(SessionScript script)
    {
        int stored = 0;
        foreach (string call in script.Calls)
        {
            // Of these two, those with typed parameters.
            bool hasParameters = call.Contains(">, ", StringComparison.Ordinal);
            if (hasParameters && call.StartsWith("OnMail(", StringComparison.Ordinal)) yield return "mail " + call["OnMail(".Length..^1];
            else if (hasParameters && call.StartsWith("OnRcpt(", StringComparison.Ordinal)) yield return "rcpt " + call["OnRcpt(".Length..^1];
            else if (call.StartsWith("OnReset(", StringComparison.Ordinal)) yield return "reset " + call["OnReset(".Length..^1];
            else if (call.StartsWith("OnMessage aborted(", StringComparison.Ordinal)) yield return "aborted " + call["OnMessage aborted(".Length..^1];
            else if ((call.StartsWith("OnMessage(", StringComparison.Ordinal) || call == "OnMessage") && stored < script.Stored.Count)
                yield return "stored " + script.Stored[stored++];
            else if (call == "Two methods at once") yield return call;
        }
    }

    private static AuthenticationKinds AllKinds => Enum.GetValues<AuthenticationKinds>().Aggregate((all, kind) => all | kind);

    private string? Text(string name) =>
        Server.FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal))?[(name.Length + 1)..];

    private int Number(string name, int otherwise) => Server.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
        ? int.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture)
        : otherwise;

    private static Reply ParseReply(string text)
    {
        int code = int.Parse(text.AsSpan(0, 3), CultureInfo.InvariantCulture);
        string rest = text.Length > 4 ? text[4..].Replace("\\n", "\n", StringComparison.Ordinal) : "";
        string[] status = rest.Split(' ')[0].Split('.');
        if (status.Length != 3 || !status.All(part => int.TryParse(part, out _))) return new(code, rest);
        int[] parts = [.. status.Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        int blank = rest.IndexOf(' ', StringComparison.Ordinal);
        return new(code, new EnhancedStatusCode(parts[0], parts[1], parts[2]), blank < 0 ? "" : rest[(blank + 1)..]);
    }

    private static byte[] Octets(string line)
    {
        string text = line.Length > 3 ? line[3..] : "";
        return line[1] == ':' ? Encoding.UTF8.GetBytes(text + "\r\n") : Unescape(text);
    }

    // \r, \n, \\, \xNN, and {N*text} for text repeated.
    private static byte[] Unescape(string text)
    {
        List<byte> octets = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '{' && text.IndexOf('}', i) is > 0 and int end && text.IndexOf('*', i) is > 0 and int star && star < end)
            {
                int count = int.Parse(text.AsSpan(i + 1, star - i - 1), CultureInfo.InvariantCulture);
                byte[] repeated = Unescape(text[(star + 1)..end]);
                for (int n = 0; n < count; n++) octets.AddRange(repeated);
                i = end;
            }
            else if (text[i] != '\\') octets.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
            else
            {
                char escape = text[++i];
                octets.Add(escape switch
                {
                    'r' => (byte)'\r',
                    'n' => (byte)'\n',
                    'x' => byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                    _ => (byte)escape,
                });
                if (escape == 'x') i += 2;
            }
        }
        return [.. octets];
    }
}
