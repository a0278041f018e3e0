using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ehlo.App.Webhooks;

/// <summary>
/// The signature of a request, as Standard Webhooks has it: HMAC-SHA256 over the id, a dot, the time, a dot and the body. The time is signed too,
/// so that who hears a request cannot send it again later.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>Before a secret in base64.</summary>
    public const string SecretPrefix = "whsec_";

    /// <param name="secret">The key.</param>
    /// <param name="id">The message's.</param>
    /// <param name="unixSeconds">When this request is sent.</param>
    /// <param name="body">The octets of the body.</param>
    public static string Of(byte[] secret, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(head);
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
