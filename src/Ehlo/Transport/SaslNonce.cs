using System.Buffers.Text;
using System.Security.Cryptography;

namespace Ehlo.Transport;

/// <summary>Where mechanisms have their random values from.</summary>
internal static class SaslNonce
{
    // 144 bits: more than anybody tries, and no padding in base64.
    private const int Octets = 18;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Octets));
}
