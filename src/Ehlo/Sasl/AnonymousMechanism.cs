using System;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Sasl;

/// <summary>ANONYMOUS (RFC 4505). It lets anybody in, so it is in no default list.</summary>
public sealed class AnonymousMechanism : SaslMechanism
{
    // Of UTF-8, up to four octets each.
    private const int MaxTraceCharacters = 255;

    /// <inheritdoc/>
    public override string Name => "ANONYMOUS";

    /// <inheritdoc/>
    public override AuthenticationKinds Requires => AuthenticationKinds.Anonymous;

    /// <inheritdoc/>
    public override bool IsPlaintext => false;

    /// <inheritdoc/>
    public override SaslExchange Begin(SaslContext context) => new Exchange();

    // message = [ email / token ]; token = 1*255TCHAR, any character but "@" (RFC 4505 section 2)
    // Controls are refused with the "trace" profile of RFC 4505 section 3, so that a log line stays a line.
    internal static bool IsTrace(ReadOnlySpan<byte> response)
    {
        if (response.Length > 4 * MaxTraceCharacters || !Utf8.IsValid(response)) return false;
        if (response.Contains((byte)'@')) return Mailbox.TryParse(response, allowUtf8: true, out _);
        int characters = 0;
        foreach (Rune rune in Encoding.UTF8.GetString(response).EnumerateRunes())
        {
            if (Rune.IsControl(rune) || ++characters > MaxTraceCharacters) return false;
        }
        return true;
    }

    private sealed class Exchange : SaslExchange
    {
        public override SaslStep Respond(ReadOnlySpan<byte> response)
        {
            if (!IsTrace(response)) return SaslStep.Malformed();
            return SaslStep.Ask(new AnonymousRequest("ANONYMOUS", response.IsEmpty ? null : Encoding.UTF8.GetString(response)));
        }
    }
}
