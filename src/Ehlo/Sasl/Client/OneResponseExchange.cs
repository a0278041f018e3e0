using System;

namespace Ehlo.Sasl;

/// <summary>The client's side of a mechanism that is one message of the client, and then the server's verdict.</summary>
internal sealed class OneResponseExchange(SaslClientStep step) : SaslClientExchange
{
    private bool _hasResponded;

    public override bool HasInitialResponse => true;

    public override SaslClientStep Respond(ReadOnlySpan<byte> challenge)
    {
        // A second challenge has no answer here, and the first is the client's turn (RFC 4422 section 5).
        if (_hasResponded || !challenge.IsEmpty) return SaslClientStep.Fail("The server asks what the mechanism has no answer to.");
        _hasResponded = true;
        return step;
    }

    public override string? Complete() => _hasResponded ? null : ClientReasons.EarlySuccess;
}
