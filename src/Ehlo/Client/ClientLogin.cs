using System;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;

namespace Ehlo.Client;

/// <summary>
/// Authenticates a new connection: with the destination's credential, or with what the callback of the options gives, which is asked once
/// more about one that was refused.
/// </summary>
internal static class ClientLogin
{
    /// <exception cref="SmtpConnectionException">The login was refused, or there was no credential to be had.</exception>
    public static async ValueTask RunAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        if (connection.Wire.Options.GetCredential is null)
        {
            if (connection.Destination.Credential is { } own) await connection.AuthenticateAsync(own, cancellationToken);
            return;
        }
        if (await GetAsync(connection, null, null, cancellationToken) is not { } credential) return;
        try
        {
            await connection.AuthenticateAsync(credential, cancellationToken);
        }
        catch (SmtpConnectionException exception) when (connection.IsOpen && exception.Answered is { IsPermanent: true } refusal)
        {
            // The same again would be counted as another guess.
            if (await GetAsync(connection, credential, refusal, cancellationToken) is not { } other || other == credential) throw;
            await connection.AuthenticateAsync(other, cancellationToken);
        }
    }

    private static async ValueTask<SaslCredential?> GetAsync(
        SmtpConnection connection, SaslCredential? refused, Reply? refusal, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Wire.Options.GetCredential!(new(connection.Destination, refused, refusal), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SmtpConnectionException($"No credential for {connection.Destination}: {exception.Message}", exception);
        }
    }
}
