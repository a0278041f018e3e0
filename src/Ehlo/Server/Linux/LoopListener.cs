using System;
using System.Buffers.Binary;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Transport;

namespace Ehlo.Server;

/// <summary>A listening socket that is in all event loops: the system wakes one of them for a connection (EPOLLEXCLUSIVE).</summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopListener
{
    // Those that are there already wait meanwhile; further connections are accepted at the next event.
    private const int MaxAtOnce = 64;

    // The largest address of a socket: sockaddr_storage.
    private const int MaxAddressOctets = 128;

    private const int TcpLevel = 6;
    private const int NoDelay = 1;

    private readonly Socket _socket;
    private readonly EventLoop[] _loops;
    private readonly Action<EventLoop, int, EndPoint?, RemotePeer> _admit;
    private readonly Action<Exception> _fail;
    private readonly EndPoint _endPoint;
    private readonly TimeProvider _timeProvider;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KnownAddress<EndPoint?>? _lastOwn; // Nearly always the next connection's too: held once, and not by each.
    private KnownAddress<IPAddress>? _lastPeer; // Without the port.
    private int _left;
    private volatile bool _isStopping;

    /// <summary>Takes connections from now on.</summary>
    /// <param name="socket">The listening socket, which stays the caller's; it may be closed when <see cref="WhenOver"/> has completed.</param>
    /// <param name="loops">The loops.</param>
    /// <param name="admit">Is given each connection, with its own address and its peer's, on its loop's thread.</param>
    /// <param name="fail">Is told why none could be accepted. Some time later that is tried again.</param>
    /// <param name="timeProvider">The clock.</param>
    public LoopListener(
        Socket socket,
        EventLoop[] loops,
        Action<EventLoop, int, EndPoint?, RemotePeer> admit,
        Action<Exception> fail,
        TimeProvider timeProvider)
    {
        (_socket, _loops, _admit, _fail, _timeProvider, _left) = (socket, loops, admit, fail, timeProvider, loops.Length);
        _endPoint = socket.LocalEndPoint!;
        socket.Blocking = false;
        foreach (EventLoop loop in loops) loop.Post(_ => Listen(loop), this);
    }

    /// <summary>Completes when no loop accepts any more.</summary>
    public Task WhenOver => _over.Task;

    private int Descriptor => (int)_socket.Handle;

    /// <summary>Accepts no more. From any thread.</summary>
    public void Stop()
    {
        if (_isStopping) return;
        _isStopping = true;
        foreach (EventLoop loop in _loops)
        {
            loop.Post(
                _ =>
                {
                    loop.Ignore(Descriptor);
                    if (Interlocked.Decrement(ref _left) == 0) _over.SetResult();
                },
                this);
        }
    }

    // There is a connection, unless another loop has it. On the loop's thread.
    private void Accept(EventLoop loop)
    {
        Span<byte> address = stackalloc byte[MaxAddressOctets];
        for (int i = 0; i < MaxAtOnce && !_isStopping; i++)
        {
            uint length = MaxAddressOctets;
            int descriptor = NativeMethods.Accept(
                Descriptor, ref MemoryMarshal.GetReference(address), ref length, NativeMethods.NonBlocking | NativeMethods.CloseOnExec);
            if (descriptor < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                // A connection that was reset before it was accepted, ECONNABORTED, is nobody's fault either.
                if (error is NativeMethods.TryAgain or NativeMethods.Interrupted or 103) return;
                _fail(new SocketException(error));
                _ = PauseAsync(loop);
                return;
            }
            Admit(loop, descriptor, address[..(int)length]);
        }
    }

    private void Listen(EventLoop loop) => loop.Listen(Descriptor, Accept);

    // The connection that cannot be accepted stays there, and would wake the loop for ever.
    private async Task PauseAsync(EventLoop loop)
    {
        loop.Ignore(Descriptor);
        await Task.Delay(ListenerLoop.PauseAfterFailure, _timeProvider);
        loop.Post(
            _ =>
            {
                if (!_isStopping) Listen(loop);
            },
            this);
    }

    private void Admit(EventLoop loop, int descriptor, Span<byte> address)
    {
        try
        {
            int on = 1;
            // A group of replies is one write already; waiting for more would only hold it back.
            if (_endPoint is IPEndPoint) _ = NativeMethods.SetOption(descriptor, TcpLevel, NoDelay, ref on, sizeof(int));
            RemotePeer remote = ReadPeer(address);
            uint length = MaxAddressOctets;
            Span<byte> own = stackalloc byte[MaxAddressOctets];
            bool isNamed = NativeMethods.NameOf(descriptor, ref MemoryMarshal.GetReference(own), ref length) == 0;
            EndPoint? local = isNamed ? ReadOwn(own[..(int)length]) : null;
            _admit(loop, descriptor, local, remote);
        }
        catch (IOException exception)
        {
            _ = NativeMethods.Close(descriptor);
            _fail(exception);
        }
    }

    private EndPoint? ReadOwn(ReadOnlySpan<byte> octets)
    {
        if (_lastOwn is { } last && octets.SequenceEqual(last.Octets)) return last.Address;
        EndPoint? own = Read(octets);
        _lastOwn = new(octets.ToArray(), own);
        return own;
    }

    private EndPoint? Read(ReadOnlySpan<byte> octets)
    {
        SocketAddress address = new(_endPoint.AddressFamily, Math.Max(octets.Length, 2));
        octets.CopyTo(address.Buffer.Span);
        return SmtpServerConnection.Unmapped(_endPoint.Create(address));
    }

    // Behind the family an address of IPv4 or IPv6 has the port; many connections come from one host.
    private RemotePeer ReadPeer(ReadOnlySpan<byte> octets)
    {
        if (_endPoint is not IPEndPoint) return new(Read(octets));
        ReadOnlySpan<byte> host = octets[4..];
        KnownAddress<IPAddress>? peer = _lastPeer;
        if (peer is null || !host.SequenceEqual(peer.Octets)) _lastPeer = peer = new(host.ToArray(), ((IPEndPoint)Read(octets)!).Address);
        return new(peer.Address, BinaryPrimitives.ReadUInt16BigEndian(octets[2..]));
    }

    private sealed record KnownAddress<T>(byte[] Octets, T Address);
}
