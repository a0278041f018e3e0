using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Users;

namespace Ehlo.App.Configuration;

/// <summary>Reads what the console and the API are told: where they listen, by which names, and who may sign in.</summary>
internal sealed class ConsoleReader(
    List<string> problems,
    List<string> warnings,
    Func<SectionReader, string, string?> readPath,
    Func<SectionReader, EndpointAddress?> readEndpoint,
    Func<SectionReader, List<CertificateOptions>> readCertificates)
{
    private const int DefaultPort = 8025;

    /// <param name="root">The configuration.</param>
    /// <param name="port">The port of the command line, or null.</param>
    /// <returns>Null where the console is off.</returns>
    public ConsoleOptions? Read(SectionReader root, int? port)
    {
        ConsoleOptions? console = root.IsNull("Console") ? null : Read(root.Section("Console"));
        if (port is { } given)
        {
            // Whoever asks for a port on the command line wants the console, even where the file has it off.
            console ??= new ConsoleOptions { Endpoint = EndpointAddress.Loopback(DefaultPort) };
            console = console with { Endpoint = console.Endpoint.WithPort(given) };
        }
        return console;
    }

    private ConsoleOptions Read(SectionReader section)
    {
        EndpointAddress fallback = EndpointAddress.Loopback(DefaultPort);
        EndpointAddress endpoint = readEndpoint(section) ?? fallback;
        if (endpoint.Kind == EndpointKind.Unix)
        {
            section.Problem("Endpoint", "the console on a Unix socket is not built yet");
            endpoint = fallback;
        }
        ConsoleOptions console = new()
        {
            Endpoint = endpoint,
            Hosts = ReadHosts(section),
            BasePath = ReadBasePath(section),
            Certificates = readCertificates(section),
            SignIn = ReadSignIn(section),
        };
        if (console.Certificates.Count > 1) section.Problem("Certificates", "must hold one certificate at most");
        if (!endpoint.IsLocal && console.SignIn is null)
        {
            section.Problem("Endpoint", $"{endpoint} is open to other machines, so somebody must sign in: set Console.Users or Console.UsersFile");
        }
        section.RefuseTheRest();
        return console;
    }

    private static IReadOnlyList<string> ReadHosts(SectionReader section)
    {
        IReadOnlyList<string> hosts = section.Texts("Hosts") ?? [];
        for (int i = 0; i < hosts.Count; i++)
        {
            if (!HostName.IsValid(hosts[i]))
            {
                section.Problem($"Hosts[{i}]", "must be a host name in ASCII, without scheme and port");
            }
        }
        return hosts;
    }

    // "" for none: what is added to "/" has no slash at its end.
    private static string ReadBasePath(SectionReader section)
    {
        string path = (section.Text("BasePath") ?? "").TrimEnd('/');
        bool isPath = path.Length == 0
            || (path[0] == '/' && path.Length <= 200
                && path.Split('/').Skip(1).All(step => step.Length > 0 && step is not ("." or "..") && step.All(IsUnreserved)));
        if (!isPath)
        {
            section.Problem("BasePath", "must be a path such as /mail, of letters, digits, '-', '_', '.' and '~'");
        }
        return path;
    }

    // unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"
    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';

    private SignInOptions? ReadSignIn(SectionReader section)
    {
        UsersReader reader = new(problems, warnings);
        IReadOnlyList<UserOptions> users = reader.Read(section);
        string? file = reader.ReadFile(section, readPath(section, "UsersFile"), users);
        IReadOnlyList<string>? administrators = section.Texts("Administrators");
        if (!section.Has("Users") && file is null)
        {
            if (administrators is not null) section.Problem("Administrators", "needs Console.Users or Console.UsersFile");
            return null;
        }
        HashSet<string>? names = administrators is null ? null : new(StringComparer.Ordinal);
        for (int i = 0; i < administrators?.Count; i++)
        {
            if (UserName.TryPrepare(administrators[i], out string? name)) names!.Add(name);
            else section.Problem($"Administrators[{i}]", $"the name {UserName.Rule}");
        }
        return new() { Users = users, UsersFile = file, Administrators = names };
    }
}
