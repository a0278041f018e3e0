using System;
using System.Security.Cryptography;

namespace Ehlo.Sasl;

/// <summary>What a client makes of a password for one hash function and salt (RFC 5802 section 3). With the client key one can log in.</summary>
internal sealed record ScramClientKeys(ScramHash Hash, byte[] ClientKey, byte[] ServerKey)
{
    /// <summary>StoredKey := H(ClientKey)</summary>
    public byte[] StoredKey => CryptographicOperations.HashData(Hash.Algorithm, ClientKey);

    /// <summary>Slow, as it should be: not for a thread that others wait for.</summary>
    /// <param name="hash">The function.</param>
    /// <param name="password">Prepared, in UTF-8.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="iterations">How often the function is applied.</param>
    public static ScramClientKeys Derive(ScramHash hash, ReadOnlySpan<byte> password, byte[] salt, int iterations)
    {
        // SaltedPassword := Hi(Normalize(password), salt, i), and Hi is PBKDF2
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, hash.Algorithm, hash.Octets);
        byte[] clientKey = CryptographicOperations.HmacData(hash.Algorithm, salted, "Client Key"u8.ToArray());
        byte[] serverKey = CryptographicOperations.HmacData(hash.Algorithm, salted, "Server Key"u8.ToArray());
        CryptographicOperations.ZeroMemory(salted);
        return new(hash, clientKey, serverKey);
    }

    /// <summary>ClientProof := ClientKey XOR HMAC(StoredKey, AuthMessage)</summary>
    public byte[] Prove(byte[] message)
    {
        byte[] proof = CryptographicOperations.HmacData(Hash.Algorithm, StoredKey, message);
        for (int i = 0; i < proof.Length; i++) proof[i] ^= ClientKey[i];
        return proof;
    }

    /// <summary>
    /// Whether the signature shows that the server knows the keys: it is HMAC(ServerKey, AuthMessage), compared in a time that does not depend
    /// on where the two differ.
    /// </summary>
    public bool IsSignedBy(ReadOnlySpan<byte> signature, byte[] message) =>
        CryptographicOperations.FixedTimeEquals(signature, CryptographicOperations.HmacData(Hash.Algorithm, ServerKey, message));
}
