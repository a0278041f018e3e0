using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace Ehlo.Repo.Tests;

/// <summary>A text file of the repository; the path is relative to its root, with '/'.</summary>
internal sealed record TextFile(string Path, string Text)
{
    private string[]? _lines;

    public string[] Lines => _lines ??= SplitLines(Text);

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsMarkdown => Path.EndsWith(".md", StringComparison.Ordinal);

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string[] SplitLines(string text)
    {
        string[] lines = text.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}

/// <summary>What breaks a rule, and where. The line counts from 1.</summary>
internal sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Message}";
}

/// <summary>The files of the working tree: those that git follows, and those that it neither follows nor ignores.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folder that holds the git directory: another one than <see cref="Root"/> in a linked working tree.</summary>
    public static string MainRoot { get; } =
        Path.GetDirectoryName(Git("rev-parse", "--path-format=absolute", "--git-common-dir").Trim())!;

    public static IReadOnlyList<TextFile> Files { get; } = Load(isText: true);

    /// <summary>Pictures and the like, without what is in them: documents link to them.</summary>
    public static IReadOnlyList<TextFile> Binaries { get; } = Load(isText: false);

    public static TextFile File(string path) =>
        Files.FirstOrDefault(file => file.Path == path) ?? throw new FileNotFoundException($"The repository has no {path}.", path);

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (System.IO.File.Exists(Path.Combine(folder, "Ehlo.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Ehlo.slnx.");
    }

    private static List<TextFile> Load(bool isText)
    {
        var files = new List<TextFile>();
        string listing = Git("ls-files", "-z", "--cached", "--others", "--exclude-standard");
        foreach (string path in listing.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal))
        {
            string full = Path.Combine(Root, path);
            if (System.IO.File.Exists(full) && System.IO.File.ReadAllBytes(full) is { } octets && octets.AsSpan().Contains((byte)0) != isText)
            {
                files.Add(new TextFile(path, isText ? System.IO.File.ReadAllText(full) : ""));
            }
        }

        return files;
    }

    private static string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Set by git for its hooks; they would point away from the folder that is being tested.
        foreach (string name in new[] { "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX" })
        {
            start.Environment.Remove(name);
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error}");
    }
}
