using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ehlo.Repo.Tests;

/// <summary>
/// Which folder of the core may see which: values, then Sasl, then Protocol, then Transport, then Server and Client, which never see each other.
/// One assembly enforces none of this, so this does, three times: by `using` lines, by words, and by what each name is bound to.
/// </summary>
internal static class DirectionRules
{
    private const string Core = "src/Ehlo";

    private static readonly string[] Plain =
    [
        "System", "System.Buffers", "System.Buffers.Binary", "System.Buffers.Text", "System.Collections", "System.Collections.Frozen",
        "System.Collections.Generic", "System.Collections.Immutable", "System.ComponentModel", "System.Diagnostics",
        "System.Diagnostics.CodeAnalysis", "System.Globalization", "System.Linq", "System.Numerics", "System.Runtime.CompilerServices",
        "System.Runtime.InteropServices", "System.Text", "System.Text.Unicode",
    ];

    private static readonly string[] Io =
    [
        "System.Collections.Concurrent", "System.Diagnostics.Metrics", "System.Formats.Asn1", "System.IO", "System.IO.Pipelines", "System.Net",
        "System.Net.Security", "System.Net.Sockets", "System.Runtime.ExceptionServices", "System.Runtime.Versioning",
        "System.Security.Authentication", "System.Security.Authentication.ExtendedProtection", "System.Security.Cryptography",
        "System.Security.Cryptography.X509Certificates", "System.Threading", "System.Threading.Channels", "System.Threading.Tasks",
        "System.Threading.Tasks.Sources",
    ];

    // The table: a folder's namespace, those of ours that it may see beside itself, what else it may use, and whether it may do I/O.
    private static readonly Layer[] Layers =
    [
        new("Ehlo", [], [.. Plain, "System.Net"], DoesIo: false),
        new("Ehlo.Protocol", ["Ehlo", "Ehlo.Sasl"], [.. Plain, "System.Net", "System.Runtime.Intrinsics"], DoesIo: false),
        new("Ehlo.Sasl", ["Ehlo"], [.. Plain, "System.Security.Cryptography"], DoesIo: false),
        new("Ehlo.Transport", ["Ehlo", "Ehlo.Protocol", "Ehlo.Sasl"], [.. Plain, .. Io], DoesIo: true),
        new("Ehlo.Server", ["Ehlo", "Ehlo.Protocol", "Ehlo.Sasl", "Ehlo.Transport"], [.. Plain, .. Io], DoesIo: true),
        new("Ehlo.Client", ["Ehlo", "Ehlo.Protocol", "Ehlo.Sasl", "Ehlo.Transport"], [.. Plain, .. Io], DoesIo: true),
    ];

    private static readonly string[] IoNamespaces =
        ["System.IO", "System.Net.Sockets", "System.Net.Security", "System.Net.NetworkInformation", "System.Threading", "System.Timers"];

    private static readonly HashSet<string> IoTypes =
    [
        "System.TimeProvider", "System.DateTime", "System.Diagnostics.Stopwatch", "System.Environment", "System.Random", "System.Net.Dns",
        "System.Security.Cryptography.RandomNumberGenerator", "System.Console",
    ];

    // The words themselves are refused too, so that nothing depends on whether the code compiles. DateTimeOffset stays: some parameters
    // carry an instant, and a parsed instant is a value. Reading the clock through it is refused below.
    private static readonly HashSet<string> IoWords =
    [
        "Socket", "NetworkStream", "SslStream", "Stream", "MemoryStream", "PipeReader", "PipeWriter", "IDuplexPipe", "Task", "ValueTask",
        "Thread", "ThreadPool", "Timer", "PeriodicTimer", "CancellationToken", "TimeProvider", "DateTime", "Stopwatch", "Environment",
        "Random", "RandomNumberGenerator",
    ];

    private static readonly HashSet<string> ClockAndChance =
        ["System.DateTimeOffset.Now", "System.DateTimeOffset.UtcNow", "System.Guid.NewGuid"];

    private static readonly Lazy<MetadataReference[]> Platform = new(() =>
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        return [.. trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == folder)
            .Select(path => MetadataReference.CreateFromFile(path))];
    });

    /// <summary>The namespace of a file in the core is that of its first folder, however deep it lies.</summary>
    public static IEnumerable<Finding> Namespaces(IEnumerable<TextFile> files)
    {
        foreach (TextFile file in CoreFiles(files))
        {
            if (LayerOf(file) is not { } layer)
            {
                string layers = string.Join(", ", Layers.Select(known => known.Name));
                yield return new Finding(file.Path, 1, $"the folder is no layer of the core; these are: {layers}");
                continue;
            }

            SyntaxNode root = Parse(file).GetRoot();
            foreach (BaseNamespaceDeclarationSyntax space in root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>())
            {
                if (space.Name.ToString() != layer.Name)
                {
                    yield return new Finding(file.Path, SizeRules.LineOf(space), $"the namespace here is {layer.Name}, not {space.Name}");
                }
            }
        }
    }

    public static IEnumerable<Finding> Usings(IEnumerable<TextFile> files)
    {
        foreach (TextFile file in CoreFiles(files))
        {
            if (LayerOf(file) is not { } layer)
            {
                continue;
            }

            foreach (UsingDirectiveSyntax line in Parse(file).GetRoot().DescendantNodes().OfType<UsingDirectiveSyntax>())
            {
                // With an alias or `static` a type is named, so its namespace may stand in the list instead.
                string name = line.NamespaceOrType.ToString();
                bool namesType = line.Alias is not null || line.StaticKeyword.IsKind(SyntaxKind.StaticKeyword);
                string space = namesType && name.Contains('.', StringComparison.Ordinal) ? name[..name.LastIndexOf('.')] : name;
                if (!layer.MayUse(name) && !layer.MayUse(space))
                {
                    yield return new Finding(file.Path, SizeRules.LineOf(line), $"{layer.Name} may not use {name}");
                }
            }
        }
    }

    public static IEnumerable<Finding> Words(IEnumerable<TextFile> files)
    {
        foreach (TextFile file in CoreFiles(files).Where(file => LayerOf(file) is { DoesIo: false }))
        {
            SyntaxTree tree = Parse(file);
            foreach (SyntaxToken token in tree.GetRoot().DescendantTokens())
            {
                bool isKeyword = token.Kind()
                    is SyntaxKind.AwaitKeyword or SyntaxKind.AsyncKeyword or SyntaxKind.UnsafeKeyword or SyntaxKind.LockKeyword;
                if (isKeyword || (token.IsKind(SyntaxKind.IdentifierToken) && IoWords.Contains(token.ValueText)))
                {
                    int line = tree.GetLineSpan(token.Span).StartLinePosition.Line + 1;
                    yield return new Finding(file.Path, line, $"{LayerOf(file)!.Name} may not say `{token.ValueText}`");
                }
            }
        }
    }

    /// <summary>Looks at what each name is bound to, so that a full name, an alias or a half-written namespace hides nothing.</summary>
    public static IEnumerable<Finding> Bindings(IEnumerable<TextFile> files)
    {
        Dictionary<SyntaxTree, TextFile> trees = CoreFiles(files).ToDictionary(Parse);
        CSharpCompilation compilation = CSharpCompilation.Create("Core", trees.Keys, Platform.Value);
        foreach ((SyntaxTree tree, TextFile file) in trees)
        {
            if (LayerOf(file) is not { } layer)
            {
                continue;
            }

            SemanticModel model = compilation.GetSemanticModel(tree);
            var seen = new HashSet<(int, string)>();
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (model.GetSymbolInfo(name).Symbol is { } symbol && Refuse(layer, symbol, compilation.Assembly) is { } what
                    && seen.Add((SizeRules.LineOf(name), what)))
                {
                    yield return new Finding(file.Path, SizeRules.LineOf(name), $"{layer.Name} may not see {what}");
                }
            }
        }
    }

    private static string? Refuse(Layer layer, ISymbol symbol, IAssemblySymbol core)
    {
        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        if (type is null || symbol is ITypeParameterSymbol)
        {
            return null;
        }

        string space = type.ContainingNamespace?.ToDisplayString() ?? "";
        string full = $"{space}.{type.Name}";
        if (SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, core))
        {
            return space == layer.Name || layer.Sees.Contains(space) ? null : full;
        }

        bool refused = !layer.DoesIo && (IoTypes.Contains(full) || ClockAndChance.Contains($"{full}.{symbol.Name}")
            || IoNamespaces.Any(io => space == io || space.StartsWith(io + ".", StringComparison.Ordinal)));
        return refused ? full : null;
    }

    private static IEnumerable<TextFile> CoreFiles(IEnumerable<TextFile> files) => files.Where(file => file.IsCSharp && file.IsUnder(Core));

    private static Layer? LayerOf(TextFile file)
    {
        string[] parts = file.Path[(Core.Length + 1)..].Split('/');
        string name = parts.Length == 1 ? "Ehlo" : $"Ehlo.{parts[0]}";
        return Layers.FirstOrDefault(layer => layer.Name == name);
    }

    private static SyntaxTree Parse(TextFile file) => CSharpSyntaxTree.ParseText(file.Text, path: file.Path);

    private sealed record Layer(string Name, string[] Sees, string[] Uses, bool DoesIo)
    {
        public bool MayUse(string space) => space == Name || Sees.Contains(space) || Uses.Contains(space);
    }
}
