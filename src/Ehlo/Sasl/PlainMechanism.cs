using System;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Sasl;

/// <summary>PLAIN (RFC 4616).</summary>
public sealed class PlainMechanism : SaslMechanism
{
    /// <inheritdoc/>
    public override string Name => "PLAIN";

    /// <inheritdoc/>
    public override AuthenticationKinds Requires => AuthenticationKinds.Password;

    /// <inheritdoc/>
    public override bool IsPlaintext => true;

    /// <inheritdoc/>
    public override SaslExchange Begin(SaslContext context) => new Exchange();

    private sealed class Exchange : SaslExchange
    {
        // message = [authzid] UTF8NUL authcid UTF8NUL passwd, each of 1 to 255 octets of UTF-8 (RFC 4616 section 2)
        public override SaslStep Respond(ReadOnlySpan<byte> response)
        {
            int first = response.IndexOf((byte)0);
            if (first < 0 || !Utf8.IsValid(response)) return SaslStep.Malformed();
            ReadOnlySpan<byte> rest = response[(first + 1)..];
            int second = rest.IndexOf((byte)0);
            if (second <= 0) return SaslStep.Malformed();
            ReadOnlySpan<byte> password = rest[(second + 1)..];
            // SASLprep, which RFC 4616 section 2 wants, forbids controls too. In a name one could forge a line of a log.
            if (WireText.HasAnyControl(response[..first]) || WireText.HasAnyControl(rest[..second])) return SaslStep.Malformed();
            if (password.IsEmpty || password.Contains((byte)0)) return SaslStep.Malformed();
            return SaslStep.Ask(new PasswordRequest(
                "PLAIN",
                Encoding.UTF8.GetString(rest[..second]),
                Encoding.UTF8.GetString(password),
                first == 0 ? null : Encoding.UTF8.GetString(response[..first])));
        }
    }
}
