using System.Collections.Generic;

namespace Ehlo.App.MessageChecks;

/// <summary>How much a finding matters to who sends the message.</summary>
internal enum Severity : byte
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Worth knowing; nothing is wrong.</summary>
    Note,

    /// <summary>Allowed, and some receivers mind.</summary>
    Warning,

    /// <summary>Against a MUST, or a receiver would refuse it or not believe it.</summary>
    Problem,
}

/// <summary>What a check says of a message.</summary>
/// <param name="Check">The check: SPF, DKIM, Header…</param>
/// <param name="What">What was found, in plain words.</param>
/// <param name="Where">The field, line, part or domain, or null for the message as a whole.</param>
/// <param name="Why">The section of the standard that says how it should be, or null where it is but custom.</param>
internal sealed record Finding(string Check, Severity Severity, string What, string? Where, string? Why);

/// <summary>All that was found.</summary>
/// <param name="Spf">pass, fail, softfail, neutral, none, temperror or permerror; null where DNS was not asked, as all four.</param>
/// <param name="Dkim">pass if any signature is good, else fail, none, temperror or permerror.</param>
/// <param name="Dmarc">pass, fail, none, temperror or permerror.</param>
/// <param name="Arc">pass, fail or none.</param>
internal sealed record CheckedMessage(string? Spf, string? Dkim, string? Dmarc, string? Arc, IReadOnlyList<Finding> Findings);
