using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ehlo.App.Check;

/// <summary>The findings, for people and for programs.</summary>
internal static class CheckReport
{
    public static void Write(TextWriter output, IReadOnlyList<CheckFinding> findings)
    {
        foreach (CheckFinding finding in findings)
        {
            string outcome = finding.Outcome switch { CheckOutcome.Passed => "pass", CheckOutcome.Failed => "FAIL", _ => "----" };
            string why = finding.Why.Length == 0 ? "" : $": {finding.Why}";
            output.WriteLine($"{outcome} {finding.Check.Id} ({finding.Check.Rule}, {finding.Check.Level}) {finding.Check.Title}{why}");
            if (finding.Outcome != CheckOutcome.Failed) continue;
            foreach (string line in finding.Dialogue) output.WriteLine($"       {line}");
        }
        output.WriteLine(string.Join(", ", findings.GroupBy(finding => finding.Outcome).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {Words(group.Key)}")));
    }

    public static void WriteJson(TextWriter output, IReadOnlyList<CheckFinding> findings) =>
        output.WriteLine(JsonSerializer.Serialize(
            [.. findings.Select(finding => new FindingModel(
                finding.Check.Id, finding.Check.Group, finding.Check.Title, finding.Check.Rule, finding.Check.Level.ToString(),
                Words(finding.Outcome), finding.Why, finding.Dialogue))],
            CheckJson.Default.FindingModelArray));

    private static string Words(CheckOutcome outcome) =>
        outcome switch { CheckOutcome.Passed => "passed", CheckOutcome.Failed => "failed", _ => "not run" };
}

internal sealed record FindingModel(
    string Id, string Group, string Title, string Rule, string Level, string Outcome, string Why, IReadOnlyList<string> Dialogue);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(FindingModel[]))]
internal sealed partial class CheckJson : JsonSerializerContext;
