using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Check;

/// <summary>Connections to the server under check, on sockets.</summary>
internal static class CheckTransport
{
    /// <summary>Connects, with TLS where that is implicit.</summary>
    public static async Task<Stream> ConnectAsync(CheckSettings settings, int port, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(settings.Wait);
        // Without it two segments of a check would arrive as one.
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(settings.Host, port, patience.Token);
            NetworkStream stream = new(socket, ownsSocket: true);
            return settings.Tls == CheckTls.Implicit ? (await SecureAsync(settings, stream, patience.Token)).Stream : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The handshake, as a client; the stream is the new one's.</summary>
    /// <exception cref="AuthenticationException">It failed.</exception>
    /// <exception cref="InvalidDataException">The certificate is not trusted, which no check is about.</exception>
    public static async Task<(Stream Stream, SslProtocols Version)> SecureAsync(
        CheckSettings settings, Stream stream, CancellationToken cancellationToken)
    {
        SslPolicyErrors errors = SslPolicyErrors.None;
        // The certificate is the user's to trust: --insecure says so.
        SslStream tls = new(stream, leaveInnerStreamOpen: false, (_, _, _, found) =>
        {
            errors = found;
            return settings.Insecure || found == SslPolicyErrors.None;
        });
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = settings.Host }, cancellationToken);
        }
        catch (AuthenticationException) when (errors != SslPolicyErrors.None)
        {
            throw new InvalidDataException("its certificate is not trusted; see --insecure");
        }
        return (tls, tls.SslProtocol);
    }
}
