using System;
using System.Security.Cryptography;
using System.Text;

namespace Ehlo.App.Configuration;

/// <summary>What is kept of a password from the configuration, so that a dump of the memory does not show it.</summary>
internal sealed class PasswordKey
{
    // The password stands in the file beside; the key only has to be slow to turn back. 10,000 rounds take a few milliseconds of a login.
    private const int Rounds = 10_000;
    private const int KeyOctets = 32;

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private readonly byte[] _key;

    public PasswordKey(string password) => _key = Derive(Encoding.UTF8.GetBytes(password));

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public bool Matches(ReadOnlySpan<byte> utf8Password) => CryptographicOperations.FixedTimeEquals(_key, Derive(utf8Password));

    public bool Matches(string password) => Matches(Encoding.UTF8.GetBytes(password));

    private byte[] Derive(ReadOnlySpan<byte> password) =>
        Rfc2898DeriveBytes.Pbkdf2(password, _salt, Rounds, HashAlgorithmName.SHA256, KeyOctets);
}
