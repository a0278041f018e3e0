using System.Collections.Generic;

namespace Ehlo.App.Check;

internal enum CheckOutcome : byte
{
    Passed,
    Failed,

    /// <summary>Not run, or the server would not come to the point that the check is about.</summary>
    NotRun,
}

/// <summary>What came of a check.</summary>
/// <param name="Why">Empty where it passed.</param>
internal sealed record CheckFinding(ConformanceCheck Check, CheckOutcome Outcome, string Why, IReadOnlyList<string> Dialogue);
