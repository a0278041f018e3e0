namespace Ehlo.Sasl;

/// <summary>What a client's exchange wants next.</summary>
public enum SaslClientStepKind
{
    /// <summary>Send a response.</summary>
    Response,

    /// <summary>Give up: cancel with "*" (RFC 4954 section 4) if the server waits for a response.</summary>
    Fail,
}
