using System;

namespace Ehlo.Sasl;

/// <summary>
/// The client's side of OAUTHBEARER and XOAUTH2: one message, and where the server refuses the token one challenge that says why in JSON. The
/// client answers it only so that the server ends the exchange with its reply.
/// </summary>
/// <param name="step">The message.</param>
/// <param name="acknowledgement">What is said behind a refusal.</param>
internal sealed class BearerClientExchange(SaslClientStep step, byte[] acknowledgement) : SaslClientExchange
{
    private int _responses;

    public override bool HasInitialResponse => true;

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
}
