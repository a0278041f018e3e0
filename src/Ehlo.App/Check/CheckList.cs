using System.Collections.Generic;

namespace Ehlo.App.Check;

/// <summary>Every check, in the order of the report.</summary>
internal static class CheckList
{
    public static IReadOnlyList<ConformanceCheck> All { get; } =
    [
        .. ReplyChecks.All, .. HelloChecks.All, .. SessionChecks.All, .. LineChecks.All, .. PathChecks.All, .. ParameterChecks.All,
        .. ExtensionChecks.All, .. ContentChecks.All, .. ChunkChecks.All, .. TlsChecks.All, .. AuthChecks.All, .. LmtpChecks.All,
    ];
}
