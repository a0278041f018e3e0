using System.Collections.Generic;

namespace Ehlo.App.Check;

/// <summary>Every check, in the order of the report.</summary>
internal static class CheckList
{
    public static IReadOnlyList<ConformanceCheck> All { get; } =
    [
        .. ReplyChecks.All, .. SessionChecks.All, .. PathChecks.All, .. ParameterChecks.All, .. ContentChecks.All, .. TlsChecks.All,
        .. AuthChecks.All,
    ];
}
