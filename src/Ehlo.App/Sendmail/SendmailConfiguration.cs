using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ehlo.App.Commands;
using Ehlo.App.Configuration;
using Ehlo.App.Send;

namespace Ehlo.App.Sendmail;

/// <summary>Where messages go, and who they are from when nobody says: the environment, then a file, then this machine.</summary>
internal sealed record SendmailConfiguration
{
    public const string UrlVariable = "EHLO_SENDMAIL_URL";
    public const string FileVariable = "EHLO_SENDMAIL_CONFIG";

    private const string FileName = "sendmail.json";

    public string? Url { get; init; }

    public string? User { get; init; }

    public string? PasswordFile { get; init; }

    [JsonPropertyName("CA")]
    public string? Authorities { get; init; }

    /// <summary>The reverse-path where -f does not say it.</summary>
    public string? From { get; init; }

    /// <summary>What stands behind the "@" of an address that has none.</summary>
    public string? Domain { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="context">The environment, and where the user's folders are.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static SendmailConfiguration Read(ProgramContext context, List<string> problems)
    {
        string? file = FindFile(context, problems);
        SendmailConfiguration configuration = (file is null ? null : ReadFile(file, problems)) ?? new();
        if (configuration.Domain is { } domain && !HostName.IsValid(domain)) problems.Add($"{file}: Domain is a name such as example.org");
        if (context.Environment[UrlVariable] is string { Length: > 0 } url)
        {
            // Another server: the file's user is not for it.
            configuration = configuration with { Url = url, User = null, PasswordFile = null };
        }
        return configuration with { PasswordFile = Beside(file, configuration.PasswordFile), Authorities = Beside(file, configuration.Authorities) };
    }

    public TargetRequest ToTarget() =>
        new() { Url = Url ?? TargetRequest.DefaultUrl, User = User, PasswordFile = PasswordFile, Authorities = Authorities };

    private static string? FindFile(ProgramContext context, List<string> problems)
    {
        if (Variable(context, FileVariable) is { } named)
        {
            string path = Path.GetFullPath(named, context.CurrentFolder);
            if (File.Exists(path)) return path;
            problems.Add($"{FileVariable}: there is no file {path}");
            return null;
        }
        string? home = Variable(context, "XDG_CONFIG_HOME") ?? (Variable(context, "HOME") is { } user ? Path.Combine(user, ".config") : null);
        string?[] places = [home is null ? null : Path.Combine(home, "ehlo", FileName), Path.Combine("/etc/ehlo", FileName)];
        return places.FirstOrDefault(File.Exists);
    }

    private static string? Variable(ProgramContext context, string name) => context.Environment[name] is string { Length: > 0 } value ? value : null;

    private static string? Beside(string? file, string? path) =>
        file is null || path is null ? path : Path.GetFullPath(path, Path.GetDirectoryName(file)!);

    private static SendmailConfiguration? ReadFile(string file, List<string> problems)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), SendmailJson.Default.SendmailConfiguration);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            // The serializer's words name a .NET type behind the first sentence.
            string where = exception is JsonException { Path: { } path } && path.Length > 2 ? $"{path[2..]}: " : "";
            problems.Add($"{file} cannot be used: {where}{(exception is JsonException ? "no such key, or a wrong value" : exception.Message)}");
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SendmailConfiguration))]
internal sealed partial class SendmailJson : JsonSerializerContext;
