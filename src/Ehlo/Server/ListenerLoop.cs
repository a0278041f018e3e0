using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Transport;

namespace Ehlo.Server;

/// <summary>A listening socket, and the loop that accepts from it.</summary>
internal sealed class ListenerLoop : IDisposable
{
    // As many connections may wait to be accepted as the system allows (it caps this); a burst is not to be refused.
    private const int Backlog = 4096;

    // Accepting fails for want of handles or memory: both come back with time, and until then a tight loop would only take more.
    internal static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    // ENXIO and EOPNOTSUPP: what Linux says of opening a socket, and what macOS does.
    private static readonly int OpenedSocket = OperatingSystem.IsMacOS() ? 102 : 6;

    private readonly SmtpListener _listener;
    private readonly SmtpServerOptions _options;
    private readonly Action<Socket, SmtpListener> _admit;
    private readonly Socket _socket;
    private string? _path;

    /// <exception cref="ListenException">The address cannot be listened on.</exception>
    public ListenerLoop(SmtpListener listener, SmtpServerOptions options, Action<Socket, SmtpListener> admit)
    {
        (_listener, _options, _admit) = (listener, options, admit);
        try
        {
            _socket = Open(listener.EndPoint);
        }
        catch (SocketException exception)
        {
            throw new ListenException(listener, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ListenException(listener, exception);
        }
        if (listener.EndPoint is UnixDomainSocketEndPoint unix) _path = unix.ToString();
        else listener.EndPoint = _socket.LocalEndPoint!;
    }

    /// <summary>Completes when nothing more will be accepted.</summary>
    public Task WhenOver { get; private set; } = Task.CompletedTask;

    public SmtpListener Listener => _listener;

    public void Start(CancellationToken stopping) => WhenOver = Task.Run(() => AcceptAsync(stopping), CancellationToken.None);

    /// <summary>Accepts in event loops.</summary>
    [SupportedOSPlatform("linux")]
    public void Start(EventLoop[] loops, Action<EventLoop, int, EndPoint?, RemotePeer> admit, CancellationToken stopping)
    {
        LoopListener accepting = new(
            _socket, loops, admit, exception => _options.Observer.Tell(observer => observer.AcceptFailed(_listener, exception)),
            _options.TimeProvider);
        WhenOver = accepting.WhenOver;
        stopping.Register(accepting.Stop);
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (Interlocked.Exchange(ref _path, null) is not { } path) return;
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is left to the next start, which finds that nobody answers there.
        }
    }

    private static Socket Open(EndPoint endPoint)
    {
        bool isUnix = endPoint is UnixDomainSocketEndPoint;
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (isUnix) RemoveStale(endPoint);
            // `*` takes IPv4 too. Elsewhere IPv6 alone, so that 0.0.0.0 and [::] can be listened on beside each other.
            if (endPoint is IPEndPoint { Address: var address } && address.AddressFamily is AddressFamily.InterNetworkV6)
                socket.DualMode = address.Equals(IPAddress.IPv6Any);
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A socket file outlives a process that was killed. One that nobody answers at is removed; one in use is left, and Bind will say so.
    // Connecting to a plain file is refused just the same, so it is asked first what the file is.
    private static void RemoveStale(EndPoint endPoint)
    {
        string path = endPoint.ToString()!;
        if (!IsSocket(path)) return;
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
    }

    // The platform names no socket as such. Windows has it as a reparse point; elsewhere it is what cannot be opened for this one reason.
    private static bool IsSocket(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: 0 } file) return false;
        if (OperatingSystem.IsWindows()) return file.Attributes.HasFlag(FileAttributes.ReparsePoint);
        try
        {
            // For reading and writing, or a named pipe would wait for its other end.
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return false;
        }
        catch (IOException exception)
        {
            return exception.HResult == OpenedSocket;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task AcceptAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Admit(await _socket.AcceptAsync(stopping));
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException exception)
            {
                _options.Observer.Tell(observer => observer.AcceptFailed(_listener, exception));
                await Task.Delay(PauseAfterFailure, _options.TimeProvider, CancellationToken.None);
            }
        }
    }

    private void Admit(Socket socket)
    {
        try
        {
            // A group of replies is one write already; waiting for more would only hold it back.
            if (_path is null) socket.NoDelay = true;
            _admit(socket, _listener);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // The client has gone since.
            socket.Dispose();
        }
    }
}
