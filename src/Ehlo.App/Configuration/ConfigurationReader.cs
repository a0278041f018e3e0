using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ehlo.App.Routing;

namespace Ehlo.App.Configuration;

/// <summary>Turns file, environment and command line (each beats the one before) into options, or into all that is wrong.</summary>
internal sealed class ConfigurationReader
{
    private const string DefaultDataDirectory = "ehlo-data";
    private const int DefaultSmtpPort = 2525;

    // What the program holds while nothing happens, and half as much again.
    private const long LeastMemoryOctets = 256 << 20;

    // Where clients expect SMTP, and a client of SMTP would be lost.
    private const int LmtpForbiddenPort = 25;

    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly ConfigurationSources _sources;
    private readonly string _fileFolder;

    private ConfigurationReader(ConfigurationSources sources, string fileFolder)
    {
        _sources = sources;
        _fileFolder = fileFolder;
    }

    /// <exception cref="ConfigurationException">The configuration cannot be used; it lists every problem.</exception>
    public static ConfigurationResult Read(ConfigurationSources sources)
    {
        string? file = FindFile(sources);
        string fileFolder = file is null ? sources.CurrentFolder : Path.GetDirectoryName(file)!;
        ConfigurationReader reader = new(sources, fileFolder);
        ConfigurationObject root = file is null ? new ConfigurationObject() : ConfigurationTree.ReadFile(file, reader._problems);
        ConfigurationTree.Overlay(root, sources.Environment, reader._problems);
        ServeOptions options = reader.ReadRoot(new SectionReader(root, "", reader._problems));
        return reader._problems.Count == 0
            ? new ConfigurationResult(options, reader._warnings)
            : throw new ConfigurationException(reader._problems);
    }

    private static string? FindFile(ConfigurationSources sources)
    {
        string file = Path.GetFullPath(sources.File ?? ConfigurationSources.DefaultFile, sources.CurrentFolder);
        if (File.Exists(file))
        {
            return file;
        }
        return sources.File is null ? null : throw new ConfigurationException($"{file}: no such file");
    }

    private ServeOptions ReadRoot(SectionReader root)
    {
        UsersReader users = new(_problems, _warnings);
        IReadOnlyList<UserOptions> listed = users.Read(root);
        string? usersFile = users.ReadFile(root, ReadPath(root, "UsersFile", required: false), listed);
        // Whoever lists users wants only them; without users every login is accepted and recorded, as an inbox for trials should.
        AuthenticationMode authentication = root.OneOf(
            "Authentication", root.Has("Users") || root.Has("UsersFile") ? AuthenticationMode.Users : AuthenticationMode.Any, "Users or Any");
        bool hasUsers = root.Sections("Users") is { Count: > 0 } || root.Has("UsersFile");
        List<ListenerOptions> listeners = ReadListeners(root, authentication, hasUsers);
        ConsoleOptions? console = ReadConsole(root);
        ServeOptions options = new()
        {
            ServerName = ReadServerName(root),
            DataDirectory = ReadDataDirectory(root),
            Authentication = authentication,
            Users = listed,
            UsersFile = usersFile,
            Listeners = listeners,
            Extensions = ReadExtensions(root.Section("Extensions"), listeners),
            Limits = ReadLimits(root.Section("Limits")),
            Routes = new RoutesReader(listeners).Read(root),
            Faults = FaultsReader.Read(root),
            Mailboxes = new MailboxesReader(listeners).Read(root),
            Tags = MailboxesReader.ReadTags(root.Section("Tags")),
            Retention = MailboxesReader.ReadRetention(root.Section("Retention")),
            Release = ReleaseReader.Read(root, console?.SignIn is not null),
            Webhooks = WebhooksReader.Read(root),
            Telemetry = TelemetryReader.Read(root, _sources.Environment),
            Dns = ReadDns(root.Section("Checks")),
            Console = console,
        };
        CheckMailboxUsers(options);
        root.RefuseTheRest();
        return options;
    }

    // A mailbox that is kept from some is kept from nobody where nobody signs in, or where everybody sees all.
    private void CheckMailboxUsers(ServeOptions options)
    {
        if (options.Console is not { } console || options.Mailboxes.All(mailbox => mailbox.Users is null)) return;
        if (console.SignIn is null) _problems.Add("Mailboxes: one has Users, so somebody must sign in: set Console.Users or Console.UsersFile");
        else if (console.SignIn.Administrators is null)
            _problems.Add("Console.Administrators: is missing: a mailbox has Users, so it must be said who sees all");
    }

    private string ReadServerName(SectionReader root)
    {
        string name = root.Text("ServerName") ?? (HostName.IsValid(_sources.MachineName) ? _sources.MachineName : "localhost");
        if (!HostName.IsValid(name) && !HostName.IsAddressLiteral(name))
        {
            root.Problem("ServerName", "must be a domain in ASCII or an address literal such as [192.0.2.1]");
        }
        return name;
    }

    private string ReadDataDirectory(SectionReader root)
    {
        string? configured = ReadPath(root, "DataDirectory", required: false);
        // A variable of a script that is not set: the mail would lie about in the current folder.
        if (_sources.DataDirectory is "") _problems.Add("--data: must not be empty");
        return _sources.DataDirectory is { } given
            ? Path.GetFullPath(given, _sources.CurrentFolder)
            : configured ?? Path.GetFullPath(DefaultDataDirectory, _sources.CurrentFolder);
    }

    private string? ReadPath(SectionReader section, string key, bool required)
    {
        string? path = required ? section.RequiredText(key) : section.Text(key);
        if (path is null)
        {
            return null;
        }
        if (path.Contains('\0'))
        {
            section.Problem(key, "is not a path");
            return null;
        }
        return Path.GetFullPath(path, FolderFor(section, key));
    }

    private string FolderFor(SectionReader section, string key) => section.VariableOf(key) is null ? _fileFolder : _sources.CurrentFolder;

    private List<ListenerOptions> ReadListeners(SectionReader root, AuthenticationMode authentication, bool hasUsers)
    {
        if (root.Sections("Listeners") is not { } sections)
        {
            EndpointAddress endpoint = EndpointAddress.Loopback(DefaultSmtpPort);
            return ApplySmtpPort([
                new ListenerOptions
                {
                    Endpoint = endpoint,
                    Name = endpoint.ToString(),
                    AllowPlaintextAuthentication = authentication == AuthenticationMode.Any,
                },
            ]);
        }
        List<ListenerOptions> listeners = [];
        foreach (SectionReader section in sections)
        {
            if (ReadListener(section, authentication, hasUsers) is { } listener)
            {
                if (listener.Endpoint.Port != 0 && listeners.Any(other => other.Name == listener.Name))
                {
                    section.Problem("Endpoint", "given to two listeners");
                }
                listeners.Add(listener);
            }
        }
        if (sections.Count == 0)
        {
            root.Problem("Listeners", "must hold at least one listener");
        }
        return ApplySmtpPort(listeners);
    }

    private List<ListenerOptions> ApplySmtpPort(List<ListenerOptions> listeners)
    {
        if (_sources.SmtpPort is { } port && listeners.Count > 0)
        {
            if (listeners[0].Endpoint.Kind == EndpointKind.Unix)
            {
                _problems.Add($"--smtp: the first listener is {listeners[0].Endpoint}, which has no port");
            }
            else
            {
                listeners[0] = listeners[0] with { Endpoint = listeners[0].Endpoint.WithPort(port) };
            }
        }
        return listeners;
    }

    private ListenerOptions? ReadListener(SectionReader section, AuthenticationMode authentication, bool hasUsers)
    {
        EndpointAddress? configured = ReadEndpoint(section, required: true);
        ListenerProtocol protocol = section.OneOf("Protocol", ListenerProtocol.Smtp, "Smtp, Submission or Lmtp");
        if (protocol == ListenerProtocol.Lmtp && configured?.Port == LmtpForbiddenPort)
        {
            section.Problem("Protocol", "Lmtp must not be on port 25 (RFC 2033 section 3)");
        }
        List<CertificateOptions> certificates = ReadCertificates(section);
        ListenerTls tls = section.OneOf(
            "Tls", certificates.Count > 0 ? ListenerTls.StartTls : ListenerTls.None, "None, StartTls or Implicit");
        if (tls != ListenerTls.None && section.Sections("Certificates") is null or { Count: 0 })
        {
            section.Problem("Certificates", $"must hold at least one certificate for Tls {tls}");
        }
        SocketReader socket = new(section);
        ListenerOptions listener = new()
        {
            ClientCertificates = socket.ReadClientCertificates(tls, (key, inner) => ReadPath(inner, key, required: false)),
            ProxyProtocol = socket.ReadProxyProtocol(configured),
            GreetingDelay = socket.ReadGreetingDelay(),
            Endpoint = configured?.From(FolderFor(section, "Endpoint"))!,
            Name = configured?.ToString() ?? "",
            Protocol = protocol,
            Tls = tls,
            Certificates = certificates,
            RequireTls = section.Boolean("RequireTls", false),
            RequireAuthentication = section.Boolean("RequireAuthentication", protocol == ListenerProtocol.Submission),
            // Where every password is accepted none is worth hiding; where passwords are checked, they are kept off the open wire.
            AllowPlaintextAuthentication = section.Boolean("AllowPlaintextAuthentication", authentication == AuthenticationMode.Any),
            Mechanisms = UsersReader.ReadMechanisms(section, authentication, _warnings),
            XClient = new NetworksReader(section).Read("XClient"),
        };
        if (listener.RequireTls && tls == ListenerTls.None)
        {
            section.Problem("RequireTls", "cannot be kept with Tls None");
        }
        if (listener.RequireAuthentication && UsersReader.WhyNobodyCanAuthenticate(listener, authentication, hasUsers) is { } reason)
        {
            section.Problem("RequireAuthentication", $"cannot be kept {reason}");
        }
        section.RefuseTheRest();
        return configured is null ? null : listener;
    }

    private static EndpointAddress? ReadEndpoint(SectionReader section, bool required)
    {
        string? text = required ? section.RequiredText("Endpoint") : section.Text("Endpoint");
        if (text is null)
        {
            return null;
        }
        if (!EndpointAddress.TryParse(text, out EndpointAddress? endpoint))
        {
            section.Problem(
                "Endpoint", $"\"{text}\" is not an endpoint such as 127.0.0.1:2525, [::1]:2525, *:25, localhost:2525 or unix:/path");
            return null;
        }
        return endpoint;
    }

    private List<CertificateOptions> ReadCertificates(SectionReader listener)
    {
        List<CertificateOptions> certificates = [];
        foreach (SectionReader section in listener.Sections("Certificates") ?? [])
        {
            string? certificate = ReadPath(section, "Certificate", required: true);
            string? key = ReadPath(section, "PrivateKey", required: true);
            bool exist = HasFile(section, "Certificate", certificate) & HasFile(section, "PrivateKey", key);
            section.RefuseTheRest();
            if (exist && WhyUnusable(certificate!, key!) is { } reason)
            {
                section.Problem("Certificate", reason);
            }
            if (certificate is not null && key is not null)
            {
                certificates.Add(new CertificateOptions(certificate, key));
            }
        }
        return certificates;
    }

    private static bool HasFile(SectionReader section, string key, string? path)
    {
        if (path is null)
        {
            return false;
        }
        bool exists = File.Exists(path);
        if (!exists)
        {
            section.Problem(key, $"no such file: {path}");
        }
        return exists;
    }

    private static string? WhyUnusable(string certificate, string key)
    {
        try
        {
            X509Certificate2.CreateFromPemFile(certificate, key).Dispose();
            return null;
        }
        catch (Exception exception) when (
            exception is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            // ArgumentException: a key on an elliptic curve that is another certificate's.
            return $"{certificate} and {key} are not a certificate with its key, as PEM without a passphrase: {exception.Message}";
        }
    }

    private static ExtensionsOptions ReadExtensions(SectionReader section, List<ListenerOptions> listeners)
    {
        bool chunking = section.Boolean("Chunking", true);
        ExtensionsOptions extensions = new()
        {
            Chunking = chunking,
            BinaryMime = section.Boolean("BinaryMime", chunking),
            SmtpUtf8 = section.Boolean("SmtpUtf8", true),
            Dsn = section.Boolean("Dsn", true),
            RequireTls = section.Boolean("RequireTls", true),
            Rrvs = section.Boolean("Rrvs", true),
            // Nine digits: what BY and HOLDFOR can say (RFC 2852 section 4, RFC 4865 section 4).
            DeliverBy = (int?)section.OptionalInteger("DeliverBy", 0, 999_999_999),
            MtPriority = MtPriority(section),
            FutureRelease = (int?)section.OptionalInteger("FutureRelease", 1, 999_999_999),
        };
        if (extensions.BinaryMime && !chunking)
        {
            // RFC 3030 section 3: BINARYMIME content travels by BDAT only.
            section.Problem("BinaryMime", "needs Chunking");
        }
        if (extensions.FutureRelease is not null && !listeners.Any(listener => listener.Protocol == ListenerProtocol.Submission))
        {
            section.Problem("FutureRelease", "is for submission (RFC 4865), and no listener has Protocol Submission");
        }
        section.RefuseTheRest();
        return extensions;
    }

    // Null: not offered. "": the default profile, which has no name in EHLO.
    private static string? MtPriority(SectionReader section)
    {
        string? profile = section.OptionalText("MtPriority");
        if (profile is { Length: > 0 } && !profile.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            section.Problem("MtPriority", "must be null, \"\" or a profile's name: letters, digits and hyphens");
        return profile;
    }

    private static LimitsOptions ReadLimits(SectionReader section)
    {
        LimitsOptions defaults = new();
        LimitsOptions limits = new()
        {
            // A tebibyte: far above any mail, far below where sums of sizes overflow.
            MaxMessageOctets = section.Integer("MaxMessageOctets", defaults.MaxMessageOctets, 1, 1L << 40),
            MaxRecipients = (int)section.Integer("MaxRecipients", defaults.MaxRecipients, 1, 1_000_000),
            // RFC 5321 section 4.5.3.1.4: 512 octets at least. A line is held in memory, so 64 KiB at most.
            MaxCommandLineOctets = (int)section.Integer("MaxCommandLineOctets", defaults.MaxCommandLineOctets, 512, 65_536),
            MaxErrors = (int)section.Integer("MaxErrors", defaults.MaxErrors, 1, int.MaxValue),
            MaxRefusedRecipients = (int)section.Integer("MaxRefusedRecipients", defaults.MaxRefusedRecipients, 0, int.MaxValue),
            MaxConnections = (int)section.Integer("MaxConnections", defaults.MaxConnections, 1, int.MaxValue),
            MaxConnectionsPerAddress =
                (int)section.Integer("MaxConnectionsPerAddress", defaults.MaxConnectionsPerAddress, 1, int.MaxValue),
            ConnectionsPerMinutePerAddress = ReadRate(section, "Connections"),
            MessagesPerMinutePerAddress = ReadRate(section, "Messages"),
            RecipientsPerMinutePerAddress = ReadRate(section, "Recipients"),
            AuthenticationFailuresPerMinutePerAddress = ReadRate(section, "AuthenticationFailures"),
            MaxMemoryOctets = ReadMemory(section),
            MinContentOctetsPerSecond =
                (int)section.Integer("MinContentOctetsPerSecond", defaults.MinContentOctetsPerSecond, 0, int.MaxValue),
            // More than a day would keep dead connections for good.
            CommandTimeout = section.Duration("CommandTimeout", defaults.CommandTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        };
        section.RefuseTheRest();
        return limits;
    }

    private static long? ReadMemory(SectionReader section)
    {
        const string key = "MaxMemoryOctets";
        if (!section.Has(key) || section.IsNull(key)) return null;
        long octets = section.Integer(key, 0, 0, long.MaxValue);
        if (octets is > 0 and < LeastMemoryOctets) section.Problem(key, $"must be null, 0 or at least {LeastMemoryOctets}");
        return octets;
    }

    private static int ReadRate(SectionReader section, string of) => (int)section.Integer($"{of}PerMinutePerAddress", 0, 0, 1_000_000);

    private static DnsMode ReadDns(SectionReader section)
    {
        DnsMode mode = section.OneOf("Dns", DnsMode.WhenAsked, "WhenAsked, Always or Never");
        section.RefuseTheRest();
        return mode;
    }

    private ConsoleOptions? ReadConsole(SectionReader root)
    {
        ConsoleReader reader = new(
            _problems,
            _warnings,
            (section, key) => ReadPath(section, key, required: false),
            section => ReadEndpoint(section, required: false),
            ReadCertificates);
        return reader.Read(root, _sources.HttpPort);
    }
}
