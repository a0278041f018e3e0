using System;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Sasl;

/// <summary>
/// LOGIN, which no RFC defines but many clients speak: two challenges, "Username:" and "Password:". An initial response is the name.
/// </summary>
public sealed class LoginMechanism : SaslMechanism
{
    /// <inheritdoc/>
    public override string Name => "LOGIN";

    /// <inheritdoc/>
    public override AuthenticationKinds Requires => AuthenticationKinds.Password;

    /// <inheritdoc/>
    public override bool IsPlaintext => true;

    /// <inheritdoc/>
    public override SaslExchange Begin(SaslContext context) => new Exchange();

    private sealed class Exchange : SaslExchange
    {
        private string? _name;

        // Clients compare these words, so they stand as the first implementations wrote them.
        public override SaslStep Start() => SaslStep.Challenge("Username:"u8.ToArray());

        public override SaslStep Respond(ReadOnlySpan<byte> response)
        {
            if (response.IsEmpty || response.Contains((byte)0) || !Utf8.IsValid(response)) return SaslStep.Malformed();
            string text = Encoding.UTF8.GetString(response);
            if (_name is not null) return SaslStep.Ask(new PasswordRequest("LOGIN", _name, text));
            // A name reaches logs, where a control character could forge a line.
            if (WireText.HasAnyControl(response)) return SaslStep.Malformed();
            _name = text;
            return SaslStep.Challenge("Password:"u8.ToArray());
        }
    }
}
