using System;
using System.Collections.Generic;
using Ehlo.App.Release;
using Ehlo.App.Users;
using Ehlo.Client;

namespace Ehlo.App.Configuration;

/// <summary>Reads where messages may be released to.</summary>
internal static class ReleaseReader
{
    /// <param name="root">The configuration.</param>
    /// <param name="hasSignIn">Whether users sign in to the console.</param>
    /// <returns>Null where nothing is released.</returns>
    public static ReleaseOptions? Read(SectionReader root, bool hasSignIn)
    {
        if (!root.Has("Release") || root.IsNull("Release")) return null;
        SectionReader section = root.Section("Release");
        SmtpDestination? server = ReadServer(section);
        IReadOnlyList<string> allowed = section.Texts("AllowedRecipients") ?? [];
        // Whoever reaches the API could else send mail to anybody, in the name of the server's account.
        if (allowed.Count == 0) section.Problem("AllowedRecipients", "must name the recipients that mail may go to, as in [\"*@example.org\"]");
        List<Mailbox> recipients = ReadRecipients(section);
        ReversePath? returnPath = ReadReturnPath(section);
        IReadOnlySet<string>? users = ReadUsers(section, hasSignIn);
        section.RefuseTheRest();
        return server is null ? null : new()
        {
            Server = server,
            AllowedRecipients = allowed,
            Recipients = recipients,
            ReturnPath = returnPath,
            Users = users,
        };
    }

    private static SmtpDestination? ReadServer(SectionReader section)
    {
        if (section.RequiredText("Server") is not { } url) return null;
        try
        {
            return SmtpDestination.Parse(url);
        }
        catch (FormatException exception)
        {
            section.Problem("Server", $"is not a URL such as smtp://user:password@mail.example.org: {exception.Message}");
            return null;
        }
    }

    private static List<Mailbox> ReadRecipients(SectionReader section)
    {
        List<Mailbox> recipients = [];
        IReadOnlyList<string> texts = section.Texts("Recipients") ?? [];
        for (int i = 0; i < texts.Count; i++)
        {
            if (Mailbox.TryParse(texts[i], out Mailbox? mailbox)) recipients.Add(mailbox);
            else section.Problem($"Recipients[{i}]", "is not an address");
        }
        return recipients;
    }

    private static ReversePath? ReadReturnPath(SectionReader section)
    {
        if (section.OptionalText("ReturnPath") is not { } text) return null;
        if (text.Length == 0) return ReversePath.Null;
        if (Mailbox.TryParse(text, out Mailbox? mailbox)) return new(mailbox);
        section.Problem("ReturnPath", "is not an address, nor empty for the null reverse-path");
        return null;
    }

    private static HashSet<string>? ReadUsers(SectionReader section, bool hasSignIn)
    {
        if (section.Texts("Users") is not { } names) return null;
        if (!hasSignIn) section.Problem("Users", "needs Console.Users or Console.UsersFile");
        HashSet<string> users = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            if (UserName.TryPrepare(names[i], out string? name)) users.Add(name);
            else section.Problem($"Users[{i}]", $"the name {UserName.Rule}");
        }
        return users;
    }
}
