using System;

namespace Ehlo.App.Load;

/// <summary>The command line of <c>ehlo load</c> as it was given, each value within its own range.</summary>
internal sealed record LoadArguments
{
    public required string Url { get; init; }

    public required int Sessions { get; init; }

    public required int? Messages { get; init; }

    public required int? Seconds { get; init; }

    public required int WarmUp { get; init; }

    public required int Octets { get; init; }

    public required int Recipients { get; init; }

    public required LoadMode Mode { get; init; }

    public required int? Depth { get; init; }

    public required int PerConnection { get; init; }

    public required double? Rate { get; init; }

    public required string? Tls { get; init; }

    public required string? AuthorityFile { get; init; }

    public required bool Insecure { get; init; }

    public required string? User { get; init; }

    public required string? PasswordFile { get; init; }

    public required string? From { get; init; }

    public required string? To { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required string? AllowRemote { get; init; }

    public required bool RunOnEventLoop { get; init; }

    public required bool Json { get; init; }

    public required bool NoProgress { get; init; }
}
