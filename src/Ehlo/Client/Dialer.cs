using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>
/// Connects to a host by whichever of its addresses answers first (RFC 8305): one attempt after another, the next a moment after the one before
/// it has begun, or as soon as that has failed.
/// </summary>
internal sealed class Dialer(TimeProvider timeProvider, bool runOnEventLoop = false)
{
    // RFC 8305 section 5: the delay between attempts that it recommends.
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    // A name with more addresses than this is a fault or an attack; each costs a socket.
    private const int MaxAddresses = 16;

    /// <summary>How a name becomes addresses; a seam for tests.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>How an address becomes a connection; a seam for tests.</summary>
    public Func<EndPoint, CancellationToken, Task<ClientSocket>> Connect { get; init; } =
        (endPoint, cancellationToken) => ConnectAsync(endPoint, runOnEventLoop, cancellationToken);

    /// <summary>Connects, through the proxy if there is one.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="proxy">Null for none.</param>
    /// <param name="timeout">For all of it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="IOException">No address answered, and the message says how each failed; or the proxy refused.</exception>
    /// <exception cref="TimeoutException">None did in time.</exception>
    /// <exception cref="SocketException">The name is not known, or the one address failed.</exception>
    public async Task<ClientSocket> DialAsync(
        SmtpDestination destination, ClientProxy? proxy, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(timeout, timeProvider);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            if (destination.UnixPath is { } path) return await Connect(new UnixDomainSocketEndPoint(path), over.Token);
            return proxy is null
                ? await ReachAsync(destination.Host, destination.Port, over.Token)
                : await ReachThroughAsync(proxy, destination, over.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Nobody answered within {timeout.TotalSeconds:0.#} seconds.");
        }
    }

    /// <summary>By turns of both families, the first of IPv6 before the first of IPv4 (RFC 8305 section 4).</summary>
    internal static IPAddress[] Interleave(IPAddress[] addresses)
    {
        IPAddress[] six = [.. addresses.Where(address => address.AddressFamily is AddressFamily.InterNetworkV6)];
        IPAddress[] four = [.. addresses.Where(address => address.AddressFamily is AddressFamily.InterNetwork)];
        List<IPAddress> turns = [];
        for (int i = 0; i < Math.Max(six.Length, four.Length); i++)
        {
            if (i < six.Length) turns.Add(six[i]);
            if (i < four.Length) turns.Add(four[i]);
        }
        return [.. turns.Take(MaxAddresses)];
    }

    private async Task<ClientSocket> ReachAsync(string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : Interleave(await Resolve(host, cancellationToken));
        if (addresses.Length == 0) throw new IOException("The name has no address.");
        return await RaceAsync([.. addresses.Select(address => new IPEndPoint(address, port))], cancellationToken);
    }

    private async Task<ClientSocket> ReachThroughAsync(ClientProxy proxy, SmtpDestination destination, CancellationToken cancellationToken)
    {
        ClientSocket socket;
        try
        {
            socket = await ReachAsync(proxy.Host, proxy.Port, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new IOException($"The proxy {proxy} cannot be reached: {exception.Message}", exception);
        }
        try
        {
            await ProxyTunnel.OpenAsync(socket.Stream, proxy, destination.Host, destination.Port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<ClientSocket> RaceAsync(IPEndPoint[] endPoints, CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task<ClientSocket>> attempts = [];
        List<string> failures = [];
        int next = 0;
        try
        {
            while (next < endPoints.Length || attempts.Count > 0)
            {
                if (next < endPoints.Length) attempts.Add(Connect(endPoints[next++], over.Token));
                using CancellationTokenSource turn = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
                Task patience = next < endPoints.Length
                    ? Task.Delay(AttemptDelay, timeProvider, turn.Token)
                    : Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, turn.Token);
                Task first = await Task.WhenAny([.. attempts, patience]);
                await turn.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                if (first is not Task<ClientSocket> attempt) continue;
                attempts.Remove(attempt);
                if (attempt.IsCompletedSuccessfully) return await attempt;
                failures.Add(attempt.Exception?.InnerException?.Message ?? "cancelled");
                if (failures.Count == endPoints.Length && endPoints.Length == 1) return await attempt;
            }
        }
        finally
        {
            await over.CancelAsync();
            foreach (Task<ClientSocket> late in attempts) _ = CloseAsync(late);
        }
        throw new IOException(string.Join("; ", endPoints.Zip(failures, (endPoint, failure) => $"{endPoint}: {failure}")));
    }

    // One that loses the race may still win its connection.
    private static async Task CloseAsync(Task<ClientSocket> late)
    {
        await ((Task)late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (late.IsCompletedSuccessfully) (await late).Dispose();
    }

    private static async Task<ClientSocket> ConnectAsync(EndPoint endPoint, bool runOnEventLoop, CancellationToken cancellationToken)
    {
        bool isTcp = endPoint is IPEndPoint;
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, isTcp ? ProtocolType.Tcp : ProtocolType.Unspecified);
        // A group of commands is one write; waiting for more would hold it back.
        if (isTcp) socket.NoDelay = true;
        if (runOnEventLoop && OperatingSystem.IsLinux())
            return new(socket, await ClientLoopSocket.ConnectAsync(socket, endPoint, cancellationToken));
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new(socket, new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
