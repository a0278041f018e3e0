using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Ehlo.Protocol;

/// <summary>The extensions that a server listed in its reply to EHLO or LHLO, as a client sees them; none after HELO.</summary>
/// <remarks>Immutable. A line that is none of an EHLO keyword's form is passed over, as servers in use send some.</remarks>
public sealed class OfferedExtensions
{
    // RFC 5321 gives no limit; no server lists a quarter of it. The rest is passed over, so that a reply cannot make a client compute.
    private const int MaxKeywords = 200;

    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);

    private OfferedExtensions()
    {
    }

    /// <summary>No extension.</summary>
    public static OfferedExtensions None { get; } = new();

    /// <summary>The keywords, in upper case, in no particular order.</summary>
    public IEnumerable<string> Keywords => _parameters.Keys;

    /// <summary>SIZE: the greatest message in octets; null where the server named no limit (RFC 1870 section 4).</summary>
    public long? MaxMessageOctets { get; private init; }

    /// <summary>AUTH: the names of the mechanisms, in upper case, in the server's order (RFC 4954 section 3).</summary>
    public IReadOnlyList<string> Mechanisms { get; private init; } = [];

    /// <summary>LIMITS RCPTMAX: the most recipients of a message, or null (RFC 9422 section 4).</summary>
    public int? MaxRecipients { get; private init; }

    /// <summary>LIMITS MAILMAX: the most messages of a connection, or null (RFC 9422 section 4).</summary>
    public int? MaxMessages { get; private init; }

    /// <summary>LIMITS RCPTDOMAINMAX: the most different domains of a message's recipients, or null (RFC 9422 section 4).</summary>
    public int? MaxRecipientDomains { get; private init; }

    internal bool HasPipelining { get; private init; }

    internal bool HasChunking { get; private init; }

    /// <summary>Whether the server offers the extension.</summary>
    /// <param name="keyword">In any case.</param>
    public bool Contains(string keyword) => _parameters.ContainsKey(keyword);

    /// <summary>What followed the keyword, "" for nothing; null where it is not offered.</summary>
    /// <param name="keyword">In any case.</param>
    public string? Parameter(string keyword) => _parameters.GetValueOrDefault(keyword);

    /// <summary>Reads the lines of a positive reply; the first is the server's name.</summary>
    // ehlo-line = ehlo-keyword *( SP ehlo-param )     RFC 5321 section 4.1.1.1
    internal static OfferedExtensions Read(string text)
    {
        Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in text.Split('\n').Skip(1))
        {
            // "AUTH=" is how servers wrote it before there was a standard, and some clients' servers list both.
            string[] parts = line.Replace("AUTH=", "AUTH ", StringComparison.Ordinal).Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
            if (parts[0].Length == 0 || parameters.Count == MaxKeywords || !parts[0].All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) continue;
            parameters.TryAdd(parts[0].ToUpperInvariant(), parts.Length > 1 ? parts[1] : "");
        }
        return Of(parameters);
    }

    private static OfferedExtensions Of(Dictionary<string, string> parameters)
    {
        Dictionary<string, string> limits = new(StringComparer.OrdinalIgnoreCase);
        foreach (string limit in (parameters.GetValueOrDefault("LIMITS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (limit.Split('=', 2) is [var name, var value]) limits.TryAdd(name, value);
        }
        OfferedExtensions offered = new()
        {
            // 0 says that there is no fixed limit.
            MaxMessageOctets = long.TryParse(
                parameters.GetValueOrDefault("SIZE"), NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0 ? size : null,
            Mechanisms = (parameters.GetValueOrDefault("AUTH") ?? "").ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries),
            MaxRecipients = Limit("RCPTMAX"),
            MaxMessages = Limit("MAILMAX"),
            MaxRecipientDomains = Limit("RCPTDOMAINMAX"),
            HasPipelining = parameters.ContainsKey("PIPELINING"),
            HasChunking = parameters.ContainsKey("CHUNKING"),
        };
        foreach ((string keyword, string parameter) in parameters) offered._parameters.Add(keyword, parameter);
        return offered;

        // limit-value = 1*6DIGIT, not zero     RFC 9422 section 3
        int? Limit(string name) =>
            int.TryParse(limits.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value : null;
    }
}
