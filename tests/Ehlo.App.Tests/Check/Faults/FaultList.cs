using System.Collections.Generic;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>Every broken server.</summary>
internal static class FaultList
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. ReplyFaults.All, .. SessionFaults.All, .. LineFaults.All, .. PathFaults.All, .. ParameterFaults.All, .. ContentFaults.All,
        .. TlsFaults.All, .. AuthFaults.All, .. LmtpFaults.All,
    ];
}
