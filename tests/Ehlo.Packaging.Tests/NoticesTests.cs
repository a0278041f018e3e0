using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Ehlo.Packaging.Tests;

public sealed class NoticesTests
{
    [Fact]
    public void Each_package_of_the_program_is_in_the_notices()
    {
        string notices = File.ReadAllText(Path.Combine(Child.Repository, "THIRD-PARTY-NOTICES.txt"));
        string built = Path.Combine(Child.Repository, "artifacts", "bin", "Ehlo.App", "release", "Ehlo.App.deps.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(built));
        JsonElement libraries = document.RootElement.GetProperty("libraries");
        string target = document.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
        string[] packages =
        [
            .. document.RootElement.GetProperty("targets").GetProperty(target).EnumerateObject()
                .Where(library => libraries.GetProperty(library.Name).GetProperty("type").GetString() == "package")
                .Where(library => library.Value.EnumerateObject().Any(part => part.Name is "runtime" or "native" or "runtimeTargets"))
                .Select(library => library.Name.Split('/')[0]),
        ];
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.True(
            notices.Contains($"\n{package}: ", StringComparison.Ordinal), $"{package} is not in the notices; run eng/third-party-notices.py"));
    }
}
