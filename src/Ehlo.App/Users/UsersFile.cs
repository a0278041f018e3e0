using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ehlo.App.Inbox;
using Ehlo.Sasl;

namespace Ehlo.App.Users;

/// <summary>A file of users: a line each, the name, a colon, the credential. Empty lines and those that begin with '#' are skipped.</summary>
internal static class UsersFile
{
    // A hundred thousand users; a mistaken path does not fill the memory.
    private const int MaxOctets = 64 << 20;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads all lines, or says what is wrong with each.</summary>
    /// <exception cref="UsersFileException">The file cannot be read, or a line is not what it should be.</exception>
    public static Dictionary<string, ScramCredential> Read(string path)
    {
        Dictionary<string, ScramCredential> users = new(StringComparer.Ordinal);
        List<string> problems = [];
        string[] lines = ReadLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (IsComment(lines[i]))
            {
                continue;
            }
            if (WhyWrong(lines[i], users) is { } problem)
            {
                problems.Add($"{path}, line {i + 1}: {problem}");
            }
        }
        return problems.Count == 0 ? users : throw new UsersFileException(problems);
    }

    /// <summary>Adds a user or gives one another password. The file is made where there is none, for its owner alone.</summary>
    /// <returns>Whether the user is new.</returns>
    /// <exception cref="UsersFileException">The file cannot be read or written.</exception>
    public static bool Set(string path, string name, ScramCredential credential) => Change(path, lines =>
    {
        int at = lines.FindIndex(line => NameOf(line) == name);
        if (at < 0)
        {
            lines.Add($"{name}:{credential}");
            return true;
        }
        lines[at] = $"{name}:{credential}";
        return false;
    });

    /// <returns>Whether there was one.</returns>
    /// <exception cref="UsersFileException">The file cannot be read or written.</exception>
    public static bool Remove(string path, string name) => Change(path, lines => lines.RemoveAll(line => NameOf(line) == name) > 0);

    // Under another name first, which nobody else may hold: a reader finds the old users or the new ones, and no change is lost.
    private static bool Change(string path, Func<List<string>, bool> change)
    {
        string temporary = path + ".new";
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }
            using FileStream stream = new(temporary, options);
            try
            {
                if (File.Exists(path))
                {
                    _ = Read(path);
                }
                List<string> lines = File.Exists(path) ? [.. ReadLines(path)] : [];
                bool result = change(lines);
                stream.Write(Strict.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
                stream.Flush(flushToDisk: true);
                File.Move(temporary, path, overwrite: true);
                new DurableFiles(null).FlushFolder(Path.GetDirectoryName(path)!);
                return result;
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
        }
        catch (IOException) when (File.Exists(temporary))
        {
            throw new UsersFileException([$"{temporary} is there: another command is changing the users, or one was killed and left it"]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsersFileException([$"{path}: {exception.Message}"]);
        }
    }

    private static string? WhyWrong(string line, Dictionary<string, ScramCredential> users)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return "must be NAME:CREDENTIAL";
        }
        if (!UserName.TryPrepare(line[..colon], out string? name))
        {
            return $"the name {UserName.Rule}";
        }
        if (!ScramCredential.TryParse(line[(colon + 1)..], out ScramCredential? credential))
        {
            return "what is behind the colon is not a credential as `ehlo user add` writes it";
        }
        return users.TryAdd(name, credential) ? null : "the name is given twice";
    }

    private static string? NameOf(string line) =>
        !IsComment(line) && UserName.TryPrepare(line.Split(':')[0], out string? name) ? name : null;

    private static bool IsComment(string line) => line.Length == 0 || line[0] == '#';

    private static string[] ReadLines(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxOctets)
            {
                throw new UsersFileException([$"{path}: larger than {MaxOctets} octets"]);
            }
            string text = Strict.GetString(File.ReadAllBytes(path)).Replace("\r\n", "\n", StringComparison.Ordinal);
            return (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new UsersFileException([$"{path}: {exception.Message}"]);
        }
    }
}
