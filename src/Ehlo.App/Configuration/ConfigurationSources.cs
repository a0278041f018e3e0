using System.Collections;
using System.Collections.Generic;

namespace Ehlo.App.Configuration;

/// <summary>Where a configuration comes from; parameters, so that tests give their own.</summary>
internal sealed record ConfigurationSources
{
    /// <summary>The file that is read when it stands in the current folder and no other is named.</summary>
    public const string DefaultFile = "ehlo.json";

    /// <summary>The file of --config, which must exist, or null.</summary>
    public string? File { get; init; }

    public required string CurrentFolder { get; init; }

    public required IDictionary Environment { get; init; }

    /// <summary>The machine's name: what the server calls itself where nothing else is said.</summary>
    public string MachineName { get; init; } = "localhost";

    /// <summary>The port of --smtp, for the first listener, or null.</summary>
    public int? SmtpPort { get; init; }

    /// <summary>The port of --http, or null.</summary>
    public int? HttpPort { get; init; }

    /// <summary>The folder of --data, or null.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether --starttls was given.</summary>
    public bool StartTls { get; init; }
}

/// <param name="Warnings">What can be used but should be known, for standard error.</param>
internal sealed record ConfigurationResult(ServeOptions Options, IReadOnlyList<string> Warnings);
