using System.Collections.Generic;
using System.Security.Cryptography;

namespace Ehlo.Sasl;

/// <summary>A hash function that SCRAM is used with.</summary>
/// <param name="Mechanism">The mechanism without "-PLUS".</param>
/// <param name="Name">The function's name, as the platform knows it.</param>
/// <param name="Octets">Octets of its output.</param>
internal sealed record ScramHash(string Mechanism, string Name, int Octets)
{
    public static ScramHash Sha1 { get; } = new("SCRAM-SHA-1", "SHA1", SHA1.HashSizeInBytes);

    public static ScramHash Sha256 { get; } = new("SCRAM-SHA-256", "SHA256", SHA256.HashSizeInBytes);

    public static ScramHash Sha512 { get; } = new("SCRAM-SHA-512", "SHA512", SHA512.HashSizeInBytes);

    public static IReadOnlyList<ScramHash> All { get; } = [Sha256, Sha512, Sha1];

    /// <summary>The function. It is not kept: the list of mechanisms alone must not load the platform's cryptography, a megabyte and more.</summary>
    public HashAlgorithmName Algorithm => new(Name);
}
