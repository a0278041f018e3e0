using System.Collections.Generic;
using System.Linq;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>Every broken server.</summary>
internal static class FaultList
{
    /// <summary>By the file that they stand in.</summary>
    public static IReadOnlyList<(string File, IReadOnlyList<Fault> Faults)> Files { get; } =
    [
        (nameof(ReplyFaults), [.. ReplyFaults.All]), (nameof(SessionFaults), [.. SessionFaults.All]), (nameof(LineFaults), [.. LineFaults.All]),
        (nameof(PathFaults), [.. PathFaults.All]), (nameof(ParameterFaults), [.. ParameterFaults.All]),
        (nameof(ContentFaults), [.. ContentFaults.All]), (nameof(TlsFaults), [.. TlsFaults.All]), (nameof(AuthFaults), [.. AuthFaults.All]),
        (nameof(LmtpFaults), [.. LmtpFaults.All]),
    ];

    public static IReadOnlyList<Fault> All { get; } = [.. Files.SelectMany(file => file.Faults)];
}
