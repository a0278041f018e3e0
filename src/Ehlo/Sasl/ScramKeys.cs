using System;
using System.Security.Cryptography;

namespace Ehlo.Sasl;

/// <summary>What a server keeps of a password for one hash function (RFC 5802 section 3). It cannot be used to log in.</summary>
internal sealed record ScramKeys(ScramHash Hash, int Iterations, byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    /// <summary>Slow, as it should be: not for a thread that others wait for.</summary>
    /// <param name="hash">The function.</param>
    /// <param name="password">Prepared, in UTF-8.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="iterations">How often the function is applied.</param>
    public static ScramKeys Derive(ScramHash hash, ReadOnlySpan<byte> password, byte[] salt, int iterations)
    {
        ScramClientKeys keys = ScramClientKeys.Derive(hash, password, salt, iterations);
        return new(hash, iterations, salt, keys.StoredKey, keys.ServerKey);
    }

    /// <summary>
    /// Keys for a name that does not exist: nobody can prove them, and each call gives the same. One salt serves all functions, as in
    /// a credential that is real.
    /// </summary>
    public static ScramKeys Fake(ScramHash hash, string name, ReadOnlySpan<byte> key)
    {
        byte[] octets = System.Text.Encoding.UTF8.GetBytes(name);
        byte[] chance = HMACSHA512.HashData(key, octets);
        byte[] salt = chance[..ScramCredential.SaltOctets];
        byte[] stored = CryptographicOperations.HmacData(hash.Algorithm, chance, octets);
        return new(hash, ScramCredential.DefaultIterations, salt, stored, stored);
    }

    /// <summary>
    /// Whether the proof shows that the client knows the password: ClientKey := ClientProof XOR HMAC(StoredKey, AuthMessage), and
    /// H(ClientKey) is compared with StoredKey, in a time that does not depend on where the two differ.
    /// </summary>
    public bool IsProvedBy(ReadOnlySpan<byte> proof, byte[] message)
    {
        if (proof.Length != Hash.Octets) return false;
        byte[] clientKey = CryptographicOperations.HmacData(Hash.Algorithm, StoredKey, message);
        for (int i = 0; i < clientKey.Length; i++) clientKey[i] ^= proof[i];
        return CryptographicOperations.FixedTimeEquals(CryptographicOperations.HashData(Hash.Algorithm, clientKey), StoredKey);
    }

    /// <summary>What proves to the client that the server knows the keys: HMAC(ServerKey, AuthMessage).</summary>
    public byte[] Sign(byte[] message) => CryptographicOperations.HmacData(Hash.Algorithm, ServerKey, message);
}
