namespace Ehlo.App.Send;

/// <summary>Where to and how, as it was asked for.</summary>
internal sealed record TargetRequest
{
    /// <summary>Where <c>ehlo serve</c> listens when nobody says otherwise.</summary>
    public const string DefaultUrl = "smtp://127.0.0.1:2525";

    public string Url { get; init; } = DefaultUrl;

    /// <summary>One of <see cref="TargetReader.TlsNames"/>, or null for what the URL says.</summary>
    public string? Tls { get; init; }

    public string? Authorities { get; init; }

    public bool IsInsecure { get; init; }

    public string? ClientCertificate { get; init; }

    public string? ClientKey { get; init; }

    public string? User { get; init; }

    public string? PasswordFile { get; init; }

    public string? TokenFile { get; init; }

    public string[] Mechanisms { get; init; } = [];

    public bool AllowPlaintext { get; init; }

    public string? HelloName { get; init; }

    public int? TimeoutSeconds { get; init; }

    /// <summary>The URL of a proxy, or null.</summary>
    public string? Proxy { get; init; }

    public bool UsePipelining { get; init; } = true;

    public bool UseChunking { get; init; } = true;

    /// <summary>Whether the message must travel under TLS with a certificate that was checked (RFC 8689 section 4.2.1).</summary>
    public bool RequiresTls { get; init; }
}
