namespace Ehlo.Sasl;

/// <summary>A name and a password: for SCRAM, CRAM-MD5, PLAIN and LOGIN.</summary>
/// <param name="Name">Who the client is: from 1 to 255 octets of UTF-8 without control characters.</param>
/// <param name="Password">The password: not empty, and without NUL.</param>
/// <param name="AuthorizationIdentity">
/// Whom to act as, or null for the name itself. With it, mechanisms that cannot say it, CRAM-MD5 and LOGIN, are not used.
/// </param>
public sealed record PasswordCredential(string Name, string Password, string? AuthorizationIdentity = null) : SaslCredential
{
    /// <inheritdoc/>
    public override string? Identity => Name;
}
