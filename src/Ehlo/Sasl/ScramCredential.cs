using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Ehlo.Sasl;

/// <summary>
/// What a server keeps of a password, so that PLAIN, LOGIN and every SCRAM mechanism can be checked with it and nobody can log in with it
/// (RFC 5802 section 2.2). Immutable.
/// </summary>
/// <remarks>
/// <para>As text it is one line: <c>v1</c>, and behind a comma for each hash function <c>SCRAM-SHA-256$4096:salt$StoredKey:ServerKey</c>
/// with the octets in base64 (RFC 5803 section 2). One such part alone, without <c>v1</c>, is read too: other servers store that.</para>
/// <para>Names and passwords are prepared before they are hashed or looked up: other spaces become a blank, what is invisible is left out,
/// the rest is brought to Unicode's form KC where the platform has the data (RFC 4013 section 2). ASCII stays as it is.</para>
/// </remarks>
public sealed class ScramCredential
{
    /// <summary>
    /// 16,384: four times the least of RFC 7677 section 4. A mail program logs in for each message, so that a login may cost some
    /// milliseconds, not a tenth of a second.
    /// </summary>
    public const int DefaultIterations = 16_384;

    /// <summary>Octets of a new salt: 16, which no two users will ever share by chance.</summary>
    public const int SaltOctets = 16;

    /// <summary>The least count of iterations: RFC 7677 section 4.</summary>
    public const int MinIterations = 4096;

    /// <summary>
    /// The greatest count of iterations: a second or so of work for the client at each login, and for the server where it is shown the
    /// password. Clients here take no more from a server either (<see cref="ScramClientMechanism.MaxIterations"/>).
    /// </summary>
    public const int MaxIterations = 1_000_000;

    // Three hash functions take 600 characters.
    private const int MaxTextLength = 2048;
    private const int MaxSaltOctets = 64;
    private const string Version = "v1";

    private readonly ScramKeys[] _keys;

    private ScramCredential(ScramKeys[] keys) => _keys = keys;

    /// <summary>Makes a credential for every hash function. It takes milliseconds by intention: not for a thread that others wait for.</summary>
    /// <param name="password">The password.</param>
    /// <param name="salt">
    /// 16 octets by chance, as <c>RandomNumberGenerator.GetBytes(ScramCredential.SaltOctets)</c> gives them; from 8 to 64.
    /// </param>
    /// <param name="iterations">How often the hash is applied, from <see cref="MinIterations"/> to <see cref="MaxIterations"/>.</param>
    /// <exception cref="ArgumentException">The password is empty or holds control characters, or the salt is too short or too long.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The iterations are outside their range.</exception>
    public static ScramCredential Create(string password, ReadOnlySpan<byte> salt, int iterations = DefaultIterations)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, MinIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        if (salt.Length is < 8 or > MaxSaltOctets) throw new ArgumentException("A salt has from 8 to 64 octets.", nameof(salt));
        if (Names.Prepare(password) is not { } prepared)
            throw new ArgumentException("A password is not empty and holds no control characters.", nameof(password));
        byte[] octets = Encoding.UTF8.GetBytes(prepared);
        byte[] copy = salt.ToArray();
        return new([.. ScramHash.All.Select(hash => ScramKeys.Derive(hash, octets, copy, iterations))]);
    }

    /// <summary>Brings a name or a password to the form that is hashed or looked up.</summary>
    /// <returns>Whether it has one: what holds control characters, and what nothing is left of, has none.</returns>
    public static bool TryPrepare(string text, [NotNullWhen(true)] out string? prepared)
    {
        ArgumentNullException.ThrowIfNull(text);
        prepared = Names.Prepare(text);
        return prepared is not null;
    }

    /// <summary>Reads a credential from its text.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ScramCredential? credential)
    {
        credential = null;
        if (text is null || text.Length > MaxTextLength) return false;
        string[] parts = text.Split(',');
        bool isVersioned = parts[0] == Version;
        if (isVersioned ? parts.Length == 1 : parts.Length > 1) return false;
        List<ScramKeys> keys = [];
        foreach (string part in isVersioned ? parts[1..] : parts)
        {
            if (ParsePart(part) is not { } parsed || keys.Exists(other => other.Hash == parsed.Hash)) return false;
            keys.Add(parsed);
        }
        credential = new([.. keys]);
        return true;
    }

    /// <summary>
    /// Whether this is the password; it takes the same time whether or not. Milliseconds by intention: not for a thread that others wait for.
    /// </summary>
    public bool Verify(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        ScramKeys keys = _keys[0];
        string? prepared = Names.Prepare(password);
        ScramKeys derived = ScramKeys.Derive(keys.Hash, Encoding.UTF8.GetBytes(prepared ?? ""), keys.Salt, keys.Iterations);
        return CryptographicOperations.FixedTimeEquals(derived.StoredKey, keys.StoredKey) && prepared is not null;
    }

    /// <summary>The credential as one line of ASCII without blanks. Whoever has it can guess passwords at leisure: keep it from others.</summary>
    public override string ToString() => Version + string.Concat(_keys.Select(ToText));

    internal ScramKeys? For(ScramHash hash) => Array.Find(_keys, keys => keys.Hash == hash);

    private static string ToText(ScramKeys keys)
    {
        string salt = Convert.ToBase64String(keys.Salt);
        string stored = Convert.ToBase64String(keys.StoredKey);
        string server = Convert.ToBase64String(keys.ServerKey);
        return string.Create(CultureInfo.InvariantCulture, $",{keys.Hash.Mechanism}${keys.Iterations}:{salt}${stored}:{server}");
    }

    // scheme "$" iterations ":" salt "$" StoredKey ":" ServerKey
    private static ScramKeys? ParsePart(string part)
    {
        string[] fields = part.Split('$');
        if (fields.Length != 3) return null;
        ScramHash? hash = ScramHash.All.FirstOrDefault(known => known.Mechanism == fields[0]);
        string[] parameters = fields[1].Split(':');
        string[] keys = fields[2].Split(':');
        if (hash is null || parameters.Length != 2 || keys.Length != 2
            || !int.TryParse(parameters[0], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)
            || iterations is < MinIterations or > MaxIterations) return null;
        return FromBase64(parameters[1]) is { Length: > 0 and <= MaxSaltOctets } salt
            && FromBase64(keys[0]) is { } stored && stored.Length == hash.Octets
            && FromBase64(keys[1]) is { } server && server.Length == hash.Octets
                ? new(hash, iterations, salt, stored, server)
                : null;
    }

    private static byte[]? FromBase64(string text)
    {
        byte[] octets = new byte[text.Length];
        return Convert.TryFromBase64String(text, octets, out int length) ? octets[..length] : null;
    }
}
