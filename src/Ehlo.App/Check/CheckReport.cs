using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ehlo.App.Check;

/// <summary>The findings, for people and for programs.</summary>
internal static class CheckReport
{
    private const string Reset = "\e[0m";

    /// <param name="output">Takes the report.</param>
    /// <param name="findings">What it is about.</param>
    /// <param name="isColoured">Whether the first word of a line has a colour.</param>
    public static void Write(TextWriter output, IReadOnlyList<CheckFinding> findings, bool isColoured)
    {
        foreach (CheckFinding finding in findings)
        {
            (string word, string colour) = Shown(finding);
            string why = finding.Why.Length == 0 ? "" : $": {finding.Why}";
            output.WriteLine($"{(isColoured ? colour + word + Reset : word)} {finding.Check.Id} ({finding.Check.Rule}) {finding.Check.Title}{why}");
            if (finding.Outcome != CheckOutcome.Failed) continue;
            foreach (string line in finding.Dialogue) output.WriteLine($"       {line}");
        }
        output.WriteLine(string.Join(", ", findings.GroupBy(Words).OrderBy(group => group.First().Outcome).ThenBy(group => group.Key)
            .Select(group => $"{group.Count()} {group.Key}{(group.Key == "warning" && group.Count() > 1 ? "s" : "")}")));
    }

    // Red, yellow, green, and faint for what says nothing.
    private static (string Word, string Colour) Shown(CheckFinding finding) => Words(finding) switch
    {
        "passed" => ("pass", "\e[32m"),
        "failed" => ("FAIL", "\e[31m"),
        "warning" => ("warn", "\e[33m"),
        _ => ("----", "\e[2m"),
    };

    public static void WriteJson(TextWriter output, IReadOnlyList<CheckFinding> findings) =>
        output.WriteLine(JsonSerializer.Serialize(
            [.. findings.Select(finding => new FindingModel(
                finding.Check.Id, finding.Check.Group, finding.Check.Title, finding.Check.Rule, finding.Check.Level.ToString(),
                Words(finding), finding.Why, finding.Dialogue))],
            CheckJson.Default.FindingModelArray));

    // What a standard only says that a server should do is no failure.
    private static string Words(CheckFinding finding) => finding switch
    {
        { Outcome: CheckOutcome.Passed } => "passed",
        { Outcome: CheckOutcome.NotRun } => "not run",
        { Check.Level: CheckLevel.Must } => "failed",
        _ => "warning",
    };
}

internal sealed record FindingModel(
    string Id, string Group, string Title, string Rule, string Level, string Outcome, string Why, IReadOnlyList<string> Dialogue);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(FindingModel[]))]
internal sealed partial class CheckJson : JsonSerializerContext;
