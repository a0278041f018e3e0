namespace Ehlo.Sasl;

/// <summary>What an exchange wants next.</summary>
public enum SaslStepKind
{
    /// <summary>Send a challenge and await the response.</summary>
    Challenge,

    /// <summary>Ask the session class.</summary>
    Ask,

    /// <summary>The client is authenticated.</summary>
    Succeed,

    /// <summary>The exchange has failed.</summary>
    Fail,
}
