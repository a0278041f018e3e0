namespace Ehlo.Sasl;

/// <summary>Why a client's exchange fails, where more than one mechanism says so.</summary>
internal static class ClientReasons
{
    public const string Name = "The name is empty, too long, or holds what a name cannot.";

    public const string AuthorizationIdentity = "The authorization identity is too long, or holds what a name cannot.";

    public const string Password = "The password is empty, or holds what a password cannot.";

    public const string Credential = "The mechanism cannot use this credential on this connection.";

    public const string EarlySuccess = "The server claimed success before it was shown anything.";
}
