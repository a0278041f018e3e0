using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Ehlo.Packaging.Tests;

/// <summary>Each form of the program, made once: with outputs of their own, since a build for one system changes what the tests run.</summary>
public sealed class Packages
{
    private readonly string _artifacts = Path.Combine(Child.Repository, "artifacts", "test-packaging");
    private readonly Lazy<Task<string>> _published;
    private readonly Lazy<Task<string>> _oneFile;
    private readonly Lazy<Task<string>> _tool;

    public Packages()
    {
        _published = new(PublishAsync);
        _oneFile = new(PublishOneFileAsync);
        _tool = new(InstallToolAsync);
    }

    public string ToolPackages => Path.Combine(_artifacts, "package", "release");

    /// <summary>The program of a published folder.</summary>
    public Task<string> PublishedAsync() => _published.Value;

    /// <summary>The one file, alone in a folder.</summary>
    public Task<string> OneFileAsync() => _oneFile.Value;

    /// <summary>The command of the installed tool.</summary>
    public Task<string> ToolAsync() => _tool.Value;

    private async Task<string> PublishAsync()
    {
        await BuildAsync("publish");
        return Path.Combine(_artifacts, "publish", "ehlo", Name("ehlo"));
    }

    private async Task<string> PublishOneFileAsync()
    {
        // They compile the same; one after the other the second finds it done.
        await PublishedAsync();
        await BuildAsync("publish", "-p:PublishSingleFile=true");
        string alone = Path.Combine(_artifacts, "alone");
        if (Directory.Exists(alone)) Directory.Delete(alone, recursive: true);
        Directory.CreateDirectory(alone);
        string file = Path.Combine(alone, Name("ehlo"));
        File.Move(Path.Combine(_artifacts, "publish", "ehlo-one-file", Name("ehlo")), file);
        return file;
    }

    private async Task<string> InstallToolAsync()
    {
        await PublishedAsync();
        if (Directory.Exists(ToolPackages)) Directory.Delete(ToolPackages, recursive: true);
        await BuildAsync("pack");
        string folder = Path.Combine(_artifacts, "tool");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        string version = Path.GetFileNameWithoutExtension(Directory.GetFiles(ToolPackages, "*.nupkg").Single())["Ehlo.Tool.".Length..];
        // Not by way of the packages that are kept for all of a user's projects: those would be the ones of the last run.
        string settings = Path.Combine(_artifacts, "tool-packages.config");
        await File.WriteAllTextAsync(
            settings,
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_artifacts, "tool-cache")}" /></config>
              <packageSources><clear /><add key="here" value="{ToolPackages}" /></packageSources>
            </configuration>
            """);
        string cache = Path.Combine(_artifacts, "tool-cache");
        if (Directory.Exists(cache)) Directory.Delete(cache, recursive: true);
        await Child.RunAsync(
            _artifacts, "dotnet", "tool", "install", "Ehlo.Tool", "--version", version, "--tool-path", folder, "--configfile", settings);
        return Path.Combine(folder, Name("ehlo"));
    }

    private Task<string> BuildAsync(string verb, params string[] more) => Child.RunAsync(
        Child.Repository, "dotnet", [verb, Path.Combine("src", "Ehlo.App"), "-c", "Release", "-v", "q", "--artifacts-path", _artifacts, .. more]);

    private static string Name(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;
}
