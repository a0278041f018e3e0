using System;
using System.Linq;
using System.Text;

namespace Ehlo.Sasl;

/// <summary>
/// The client's side of OAUTHBEARER and XOAUTH2: one message, and where the server refuses the token one challenge that says why in JSON. The
/// client answers it only so that the server ends the exchange with its reply.
/// </summary>
/// <param name="step">The message.</param>
/// <param name="acknowledgement">What is said behind a refusal.</param>
internal sealed class BearerClientExchange(SaslClientStep step, byte[] acknowledgement) : SaslClientExchange
{
    // The longest in use name a status, a scope and the address of a configuration.
    private const int MaxErrorLength = 200;

    private int _responses;
    private string? _error;

    public override bool HasInitialResponse => true;

    public override string? ServerError => _error;

    public override SaslClientStep Respond(ReadOnlySpan<byte> challenge)
    {
        switch (_responses)
        {
            case 0 when challenge.IsEmpty:
                // What cannot be sent fails each time.
                if (step.Kind is SaslClientStepKind.Response) _responses++;
                return step;
            case 1:
                _responses++;
                _error = challenge.IsEmpty ? null : Show(challenge);
                return SaslClientStep.Response(acknowledgement);
            default:
                return SaslClientStep.Fail("The server asks what the mechanism has no answer to.");
        }
    }

    public override string? Complete() => _responses switch
    {
        0 => ClientReasons.EarlySuccess,
        1 => null,
        _ => "The server refused the token and then claimed success.",
    };

    // It is the server's, and may be anything.
    private static string Show(ReadOnlySpan<byte> challenge)
    {
        string text = Encoding.UTF8.GetString(challenge);
        return string.Concat(text.Take(MaxErrorLength).Select(character => char.IsControl(character) ? '?' : character));
    }
}
