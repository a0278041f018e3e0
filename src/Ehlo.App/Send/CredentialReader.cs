using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ehlo.App.Commands;
using Ehlo.Sasl;

namespace Ehlo.App.Send;

/// <summary>Finds the secret of whoever logs in: in the URL, a file, the environment, or by asking.</summary>
internal sealed class CredentialReader(ProgramContext context, List<string> problems, List<string> warnings)
{
    public const string PasswordVariable = "EHLO_PASSWORD";

    // RFC 7628 gives no limit; tokens in use have some thousand characters. A longer file is another file.
    private const int MaxSecretCharacters = 65_536;

    /// <returns>Null where nobody logs in, or there is a problem.</returns>
    public SaslCredential? Read(TargetRequest request, string? urlPassword, bool isInputTaken)
    {
        if (request is { PasswordFile: not null, TokenFile: not null }) problems.Add("--password-file and --token-file do not go together");
        if (Uses(request, "EXTERNAL")) return new ExternalCredential(request.User);
        if (Uses(request, "ANONYMOUS")) return new AnonymousCredential(request.User ?? "");
        if (request.TokenFile is { } tokenFile)
            return ReadFile("--token-file", tokenFile) is { } token ? new TokenCredential(request.User ?? "", token) : null;
        if (request.User is not { } user)
        {
            if (request.PasswordFile is not null) problems.Add("--password-file goes with --user");
            else if (request.Mechanisms.Length > 0) problems.Add("--mechanism goes with --user");
            return null;
        }
        if (user.Length == 0 || user.Any(char.IsControl))
        {
            problems.Add("a user has a name without control characters");
            return null;
        }
        return Password(request, user, urlPassword, isInputTaken) is { Length: > 0 } password ? new PasswordCredential(user, password) : null;
    }

    private static bool Uses(TargetRequest request, string mechanism) =>
        request.Mechanisms is [var only] && only.Equals(mechanism, StringComparison.OrdinalIgnoreCase);

    private string? Password(TargetRequest request, string user, string? urlPassword, bool isInputTaken)
    {
        if (request.PasswordFile is { } file) return ReadFile("--password-file", file);
        if (urlPassword is { Length: > 0 })
        {
            warnings.Add(
                $"others on this machine can see a password in a URL; --password-file, {PasswordVariable} or the prompt keep it to yourself");
            return urlPassword;
        }
        if (context.Environment[PasswordVariable] is string { Length: > 0 } variable) return variable;
        string? typed = isInputTaken ? null : context.AskPassword($"Password of {user}: ");
        if (string.IsNullOrEmpty(typed)) problems.Add($"there is no password for {user}: --password-file FILE or {PasswordVariable} gives it");
        return typed;
    }

    private string? ReadFile(string option, string file)
    {
        try
        {
            using StreamReader reader = new(Path.GetFullPath(file, context.CurrentFolder));
            char[] text = new char[MaxSecretCharacters];
            string line = new string(text, 0, reader.ReadBlock(text)).Split('\n')[0].TrimEnd('\r');
            if (line.Length > 0) return line;
            problems.Add($"{option} {file}: its first line is empty");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{option} {file} cannot be read: {exception.Message}");
        }
        return null;
    }
}
