using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Ehlo.App.Users;
using Ehlo.Sasl;

namespace Ehlo.App.Configuration;

/// <summary>Reads who may log in, and how.</summary>
internal sealed class UsersReader(List<string> problems, List<string> warnings)
{
    public List<UserOptions> Read(SectionReader root)
    {
        List<UserOptions> users = [];
        foreach (SectionReader section in root.Sections("Users") ?? [])
        {
            string? text = section.RequiredText("Name");
            string? name = null;
            if (text is not null && !UserName.TryPrepare(text, out name))
            {
                section.Problem("Name", UserName.Rule);
            }
            else if (name is not null && users.Any(other => other.Name == name))
            {
                section.Problem("Name", "given to two users");
            }
            ScramCredential? credential = section.Has("Credential") ? ReadCredential(section) : ReadPassword(section);
            section.RefuseTheRest();
            if (name is not null && credential is not null)
            {
                users.Add(new UserOptions(name, credential));
            }
        }
        return users;
    }

    /// <summary>The path of the users file, which must be there and without fault.</summary>
    public string? ReadFile(SectionReader root, string? path, IReadOnlyList<UserOptions> listed)
    {
        if (path is null)
        {
            return null;
        }
        if (!File.Exists(path))
        {
            root.Problem("UsersFile", $"no such file: {path}; `ehlo user add NAME --file FILE` makes one");
            return path;
        }
        try
        {
            Dictionary<string, ScramCredential> users = UsersFile.Read(path);
            foreach (UserOptions twice in listed.Where(user => users.ContainsKey(user.Name)))
            {
                warnings.Add($"{root.PathOf("UsersFile")}: the user {twice.Name} stands in Users too, and that one counts");
            }
        }
        catch (UsersFileException exception)
        {
            problems.AddRange(exception.Problems.Select(problem => $"{root.PathOf("UsersFile")}: {problem}"));
        }
        return path;
    }

    public static List<string>? ReadMechanisms(SectionReader section, AuthenticationMode authentication, List<string> warnings)
    {
        if (section.Texts("Mechanisms") is not { } names)
        {
            return null;
        }
        List<string> mechanisms = [];
        for (int i = 0; i < names.Count; i++)
        {
            string mechanism = names[i].ToUpperInvariant();
            if (!MechanismOffers.IsKnown(mechanism))
            {
                section.Problem($"Mechanisms[{i}]", $"\"{names[i]}\" is not a mechanism; " +
                    $"these are: {string.Join(", ", SaslMechanisms.All.Select(known => known.Name))}");
            }
            else if (!mechanisms.Contains(mechanism))
            {
                mechanisms.Add(mechanism);
                if (MechanismOffers.WhyNever(mechanism, authentication) is { } reason)
                {
                    warnings.Add($"{section.PathOf($"Mechanisms[{i}]")}: {mechanism} will not be offered: {reason}");
                }
            }
        }
        return mechanisms;
    }

    /// <summary>A listener that asks for what nobody can give would refuse all mail, and only its clients would learn of it.</summary>
    public static string? WhyNobodyCanAuthenticate(ListenerOptions listener, AuthenticationMode authentication, bool hasUsers)
    {
        if (listener.Mechanisms is { Count: 0 })
        {
            return "without a mechanism";
        }
        if (authentication == AuthenticationMode.Users && !hasUsers)
        {
            return "without Users";
        }
        if (MechanismOffers.CanSucceed(listener, authentication))
        {
            return null;
        }
        return MechanismOffers.CanSucceed(listener with { AllowPlaintextAuthentication = true }, authentication)
            ? "without TLS, unless AllowPlaintextAuthentication is true"
            : "with these Mechanisms: none of them can succeed here";
    }

    private static ScramCredential? ReadCredential(SectionReader section)
    {
        if (section.Has("Password"))
        {
            section.Problem("Password", "cannot stand beside Credential");
        }
        if (section.Text("Credential") is not { } text)
        {
            return null;
        }
        if (!ScramCredential.TryParse(text, out ScramCredential? credential))
        {
            section.Problem("Credential", "is not what `ehlo user add` prints");
        }
        return credential;
    }

    private ScramCredential? ReadPassword(SectionReader section)
    {
        if (section.RequiredText("Password") is not { } password)
        {
            return null;
        }
        if (!ScramCredential.TryPrepare(password, out _))
        {
            section.Problem("Password", "must hold no control characters");
            return null;
        }
        warnings.Add($"{section.PathOf("Password")}: a password in clear text is for trials; whoever reads the file has it");
        return ScramCredential.Create(password, RandomNumberGenerator.GetBytes(ScramCredential.SaltOctets));
    }
}
