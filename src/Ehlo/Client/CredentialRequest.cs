using Ehlo.Sasl;

namespace Ehlo.Client;

/// <summary>Asks for the credential to authenticate a connection with.</summary>
/// <param name="Destination">Where the connection leads.</param>
/// <param name="Refused">What was given before on this connection, and was refused; null at first.</param>
/// <param name="Refusal">What the server said to it; null at first.</param>
public sealed record CredentialRequest(SmtpDestination Destination, SaslCredential? Refused, Reply? Refusal);
