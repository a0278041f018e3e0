using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ehlo.Repo.Tests;

/// <summary>How long a file, a function and a line may be. A class is not split into partials to hide its length.</summary>
internal static class SizeRules
{
    public const int FileLines = 500;
    public const int FunctionLines = 60;
    public const int LineColumns = 150;
    public const int SampleLines = 60;

    public static IEnumerable<Finding> FileLength(TextFile file) => file.IsCSharp && file.Lines.Length >= FileLines
        ? [new Finding(file.Path, file.Lines.Length, $"the file has {file.Lines.Length} lines; it must have fewer than {FileLines}")]
        : [];

    public static IEnumerable<Finding> LineLength(TextFile file)
    {
        if (Path.GetExtension(file.Path) is not (".cs" or ".md" or ".sh" or ".py"))
        {
            yield break;
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            // A row of a table cannot be broken.
            if (file.Lines[i].Length > LineColumns && !(file.IsMarkdown && file.Lines[i].StartsWith('|')))
            {
                yield return new Finding(file.Path, i + 1, $"the line has {file.Lines[i].Length} characters; at most {LineColumns}");
            }
        }
    }

    public static IEnumerable<Finding> FunctionLength(TextFile file)
    {
        if (!file.IsCSharp)
        {
            yield break;
        }

        SyntaxNode root = CSharpSyntaxTree.ParseText(file.Text).GetRoot();
        foreach (SyntaxNode node in root.DescendantNodes().Where(IsFunction))
        {
            FileLinePositionSpan span = node.SyntaxTree.GetLineSpan(node.Span);
            int lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines >= FunctionLines)
            {
                yield return new Finding(
                    file.Path, span.StartLinePosition.Line + 1, $"the function has {lines} lines; it must have fewer than {FunctionLines}");
            }
        }
    }

    public static IEnumerable<Finding> SampleLength(IEnumerable<TextFile> files) => files
        .Where(file => file.IsCSharp && file.IsUnder("samples"))
        .GroupBy(file => string.Join('/', file.Path.Split('/').Take(2)))
        .Where(sample => sample.Sum(file => file.Lines.Length) >= SampleLines)
        .Select(sample => new Finding(sample.First().Path, 1, $"the sample {sample.Key} must have fewer than {SampleLines} lines of C#"));

    public static IEnumerable<Finding> OneFileForEachType(IEnumerable<TextFile> files) => files
        .Where(file => file.IsCSharp && file.IsUnder("src"))
        .SelectMany(PartialTypes)
        .GroupBy(part => part.Type)
        .Where(type => type.Select(part => part.Where.Path).Distinct().Count() > 1)
        .SelectMany(type => type.Skip(1).Select(part => part.Where with { Message = $"{type.Key} is spread over several files" }));

    private static IEnumerable<(string Type, Finding Where)> PartialTypes(TextFile file)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(file.Text).GetRoot();
        foreach (TypeDeclarationSyntax type in root.DescendantNodes().OfType<TypeDeclarationSyntax>())
        {
            if (type.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                IEnumerable<string> names = type.AncestorsAndSelf().Reverse().Select(node => node switch
                {
                    BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
                    TypeDeclarationSyntax outer => $"{outer.Identifier.Text}`{outer.TypeParameterList?.Parameters.Count ?? 0}",
                    _ => "",
                });
                yield return (string.Join('.', names.Where(name => name.Length > 0)), new Finding(file.Path, LineOf(type), ""));
            }
        }
    }

    internal static int LineOf(SyntaxNode node) => node.SyntaxTree.GetLineSpan(node.Span).StartLinePosition.Line + 1;

    private static bool IsFunction(SyntaxNode node) => node
        is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
        or PropertyDeclarationSyntax { ExpressionBody: not null } or IndexerDeclarationSyntax { ExpressionBody: not null };
}
