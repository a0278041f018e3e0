using System;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Sasl;

/// <summary>
/// client-first, server-first, client-final, server-final; then the client's empty response, since SMTP's success carries no data
/// (RFC 4954 section 4).
/// </summary>
internal sealed class ScramClientExchange(ScramHash hash, PasswordCredential? credential, char flag, ChannelBinding? binding, string nonce)
    : SaslClientExchange
{
    // Octets of a server's message; those in use have 60 to 200. All of it goes into the hashes.
    private const int MaxMessageOctets = 4096;

    private const string Malformed = "The server's message is not one of SCRAM.";

    private Awaited _awaited = Awaited.InitialResponse;
    private string _header = "";
    private string _clientFirstBare = "";
    private byte[] _password = [];
    private byte[] _message = []; // AuthMessage
    private ScramClientKeys? _keys;

    private enum Awaited : byte
    {
        InitialResponse,
        ServerFirst,
        ServerFinal,
        Success,
        Nothing,
    }

    public override bool HasInitialResponse => true;

    public override SaslClientStep Respond(ReadOnlySpan<byte> challenge)
    {
        Awaited awaited = _awaited;
        _awaited = Awaited.Nothing; // Unless the message is good.
        if (challenge.Length > MaxMessageOctets) return SaslClientStep.Fail("The server's message is too long.");
        return awaited switch
        {
            Awaited.InitialResponse when challenge.IsEmpty => WriteFirst(),
            Awaited.ServerFirst or Awaited.ServerFinal when challenge.StartsWith("e="u8) => ReadError(challenge[2..]),
            Awaited.ServerFirst => ReadFirst(challenge),
            Awaited.ServerFinal => ReadFinal(challenge),
            Awaited.Nothing => SaslClientStep.Fail("The exchange has failed before."),
            _ => SaslClientStep.Fail("The server speaks out of turn."),
        };
    }

    public override string? Complete() =>
        _awaited is Awaited.Success ? null : "The server claimed success without showing that it knows the password.";

    // client-first-message = gs2-header client-first-message-bare; client-first-message-bare = username "," nonce (RFC 5802 section 7)
    private SaslClientStep WriteFirst()
    {
        if (credential is null) return SaslClientStep.Fail(ClientReasons.Credential);
        string? identity = string.IsNullOrEmpty(credential.AuthorizationIdentity) ? null : credential.AuthorizationIdentity;
        if (identity is not null && Names.NameOctets(identity) is null) return SaslClientStep.Fail(ClientReasons.AuthorizationIdentity);
        if (Prepare(credential.Name) is not { } name || Names.NameOctets(name) is null) return SaslClientStep.Fail(ClientReasons.Name);
        if (Prepare(credential.Password) is not { } password) return SaslClientStep.Fail(ClientReasons.Password);
        _password = Encoding.UTF8.GetBytes(password);
        _header = new Gs2Header(flag, binding?.Type, identity).ToString();
        _clientFirstBare = $"n={Gs2Header.Escape(name)},r={nonce}";
        _awaited = Awaited.ServerFirst;
        return SaslClientStep.Response(Encoding.UTF8.GetBytes(_header + _clientFirstBare));
    }

    // server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]
    private SaslClientStep ReadFirst(ReadOnlySpan<byte> challenge)
    {
        // Octets that are no UTF-8 would not come back the same, and nothing here has any.
        if (!Utf8.IsValid(challenge)) return SaslClientStep.Fail(Malformed);
        string serverFirst = Encoding.UTF8.GetString(challenge);
        string[] fields = serverFirst.Split(',');
        // "m=" is an extension that must be understood, and none is.
        if (fields.Length < 3 || Value(fields[0], "r=") is not { } both || Value(fields[1], "s=") is not { } saltText
            || Value(fields[2], "i=") is not { } iterationText || !ScramNonce.IsNonce(Encoding.UTF8.GetBytes(both)))
            return SaslClientStep.Fail(Malformed);
        // Without the client's part an old exchange could be played again, and without the server's own the client could be (RFC 5802 section 5.1).
        if (!both.StartsWith(nonce, StringComparison.Ordinal) || both.Length == nonce.Length)
            return SaslClientStep.Fail("The server's nonce is not the client's with something behind it.");
        if (FromBase64(saltText) is not { Length: > 0 } salt) return SaslClientStep.Fail(Malformed);
        if (!int.TryParse(iterationText, NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)
            || iterations is < ScramClientMechanism.MinIterations or > ScramClientMechanism.MaxIterations)
            return SaslClientStep.Fail($"The server asks for {WireText.Quote(iterationText)} iterations, which is too few or too many.");
        return WriteFinal(both, serverFirst, salt, iterations);
    }

    // client-final-message = channel-binding "," nonce ["," extensions] "," proof
    private SaslClientStep WriteFinal(string both, string serverFirst, byte[] salt, int iterations)
    {
        byte[] bound = [.. Encoding.UTF8.GetBytes(_header), .. binding is null ? [] : binding.Data.Span];
        string withoutProof = $"c={Convert.ToBase64String(bound)},r={both}";
        _message = Encoding.UTF8.GetBytes($"{_clientFirstBare},{serverFirst},{withoutProof}");
        _keys = ScramClientKeys.Derive(hash, _password, salt, iterations);
        _awaited = Awaited.ServerFinal;
        return SaslClientStep.Response(Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(_keys.Prove(_message))}"));
    }

    // server-final-message = (server-error / verifier) ["," extensions]
    private SaslClientStep ReadFinal(ReadOnlySpan<byte> challenge)
    {
        string[] fields = Encoding.UTF8.GetString(challenge).Split(',');
        if (Value(fields[0], "v=") is not { } text || FromBase64(text) is not { } signature) return SaslClientStep.Fail(Malformed);
        if (!_keys!.IsSignedBy(signature, _message)) return SaslClientStep.Fail("The server does not know the password: its signature is wrong.");
        _awaited = Awaited.Success;
        return SaslClientStep.Response([]);
    }

    // server-error = "e=" server-error-value
    private static SaslClientStep ReadError(ReadOnlySpan<byte> error)
    {
        int comma = error.IndexOf((byte)',');
        return SaslClientStep.Fail($"The server says {WireText.Quote(Encoding.UTF8.GetString(comma < 0 ? error : error[..comma]))}.");
    }

    private static string? Prepare(string text) => Names.Octets(text) is null ? null : Names.Prepare(text);

    private static string? Value(string field, string key) => field.StartsWith(key, StringComparison.Ordinal) ? field[key.Length..] : null;

    private static byte[]? FromBase64(string text)
    {
        byte[] octets = new byte[text.Length];
        return Convert.TryFromBase64String(text, octets, out int length) ? octets[..length] : null;
    }
}
