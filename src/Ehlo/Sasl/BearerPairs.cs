using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;

namespace Ehlo.Sasl;

/// <summary>The key and value pairs of OAUTHBEARER and XOAUTH2.</summary>
// kvpair = key "=" value kvsep; key = 1*(ALPHA); kvsep = %x01; behind the last pair one more kvsep (RFC 7628 section 3.1)
internal sealed class BearerPairs
{
    // b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" (RFC 6750 section 2.1)
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>Why a client does not send what is no token.</summary>
    public const string BadToken = "The token is empty, or holds what a bearer token cannot.";

    // Five keys are defined; what a line of the exchange can hold is thousands.
    private const int MaxPairs = 16;

    private readonly Dictionary<string, string> _pairs = new(StringComparer.OrdinalIgnoreCase);

    public BearerPairs(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > 1)
        {
            int end = octets.IndexOf((byte)1);
            int equals = octets.IndexOf((byte)'=');
            if (end < 0 || equals <= 0 || equals > end || _pairs.Count == MaxPairs) return;
            // A key given twice has no one meaning.
            if (!_pairs.TryAdd(Encoding.UTF8.GetString(octets[..equals]), Encoding.UTF8.GetString(octets[(equals + 1)..end]))) return;
            octets = octets[(end + 1)..];
        }
        IsWhole = octets.Length == 1 && octets[0] == 1;
    }

    /// <summary>Whether all was read, to the separator at its end.</summary>
    public bool IsWhole { get; }

    public string? this[string key] => _pairs.GetValueOrDefault(key);

    /// <summary>The token of "Bearer token" (RFC 6750 section 2.1), or null where there is none.</summary>
    public string? Token
    {
        get
        {
            const string Scheme = "Bearer ";
            if (this["auth"] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
            string token = value[Scheme.Length..].TrimStart(' ');
            return IsToken(token) ? token : null;
        }
    }

    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);
}
