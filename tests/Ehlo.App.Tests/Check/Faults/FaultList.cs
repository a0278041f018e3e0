using System.Collections.Generic;
using System.Linq;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>Every broken server.</summary>
internal static class FaultList
{
    /// <summary>By the file that they stand in, with the group of the checks that they are for.</summary>
    public static IReadOnlyList<(string File, string Group, IReadOnlyList<Fault> Faults)> Files { get; } =
    [
        (nameof(ReplyFaults), "replies", [.. ReplyFaults.All]),
        (nameof(SessionFaults), "session", [.. SessionFaults.All]),
        (nameof(LineFaults), "framing", [.. LineFaults.All]),
        (nameof(PathFaults), "paths", [.. PathFaults.All]),
        (nameof(ParameterFaults), "parameters", [.. ParameterFaults.All]),
        (nameof(ContentFaults), "content", [.. ContentFaults.All]),
        (nameof(TlsFaults), "tls", [.. TlsFaults.All]),
        (nameof(AuthFaults), "auth", [.. AuthFaults.All]),
        (nameof(LmtpFaults), "lmtp", [.. LmtpFaults.All]),
    ];

    public static IReadOnlyList<Fault> All { get; } = [.. Files.SelectMany(file => file.Faults)];
}
