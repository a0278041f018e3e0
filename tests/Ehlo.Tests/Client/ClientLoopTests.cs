using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Ehlo.Transport;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>What is particular to clients on event loops; all other tests of clients over sockets run with them too.</summary>
[SupportedOSPlatform("linux")]
public sealed class ClientLoopTests : IAsyncDisposable
{
    private static readonly SmtpConnectionOptions OnLoops = new() { RunOnEventLoop = true };
    private static readonly Envelope Envelope = new("a@client.example", "b@mx.example");

    public ValueTask DisposeAsync() => TestServer.OffLoopAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_awaits_a_sender_goes_on_where_the_options_say(bool runOnEventLoop)
    {
        await using TestServer server = Start(new());
        await using SmtpSender sender = new(new SmtpSenderOptions(Address(server)) { Connection = new() { RunOnEventLoop = runOnEventLoop } });
        Assert.Equal(runOnEventLoop, await IsEverOnLoopAsync(() => sender.SendAsync(Envelope, "x\r\n"u8.ToArray())));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_awaits_a_connection_goes_on_where_the_options_say(bool runOnEventLoop)
    {
        await using TestServer server = Start(new());
        await using SmtpConnection connection = await SmtpConnection.ConnectAsync(Address(server), new() { RunOnEventLoop = runOnEventLoop });
        Assert.Equal(runOnEventLoop, await IsEverOnLoopAsync(() => connection.NoopAsync()));
    }

    [Fact]
    public async Task How_long_a_loop_is_at_what_it_does_is_measured()
    {
        await using TestServer server = Start(new());
        await using SmtpSender sender = new(new SmtpSenderOptions(Address(server)) { Connection = OnLoops });
        double? busy = null;
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "smtp.client.event_loops.busy") listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => busy = seconds);
        await IsEverOnLoopAsync(
            () => sender.SendAsync(Envelope, "x\r\n"u8.ToArray()),
            () =>
            {
                listener.Start();
                listener.RecordObservableInstruments();
            });
        Assert.True(busy > 0, $"{busy}");
    }

    // Both compute for milliseconds, in which the other connections of the loop would stand still.
    [Fact]
    public async Task Handshakes_and_logins_are_left_to_the_pool()
    {
        bool? checkedOnLoop = null;
        Heard heard = new();
        await using TestServer server = new()
        {
            Time = TimeProvider.System,
            Factory = new Recorder { Password = "secret" }.NewSession,
            Listener = new(new IPEndPoint(IPAddress.Loopback, 0)) { Tls = TlsMode.Implicit, Certificates = new(TestCertificates.Of("localhost")) },
        };
        server.Start();
        SmtpDestination destination = new("localhost", Address(server).Port)
        {
            Tls = ClientTls.Implicit,
            Credential = new PasswordCredential("pat", "secret"),
        };
        SmtpConnectionOptions options = OnLoops with
        {
            Observer = heard,
            CertificateValidation = (_, certificate, _, _) =>
            {
                checkedOnLoop = IsOnLoop;
                return certificate!.Equals(TestCertificates.Of("localhost"));
            },
        };
        await using SmtpConnection connection = await SmtpConnection.ConnectAsync(destination, options).Within("the connection");
        Assert.False(checkedOnLoop);
        Assert.Equal([(334, false), (334, false), (235, false)], heard.Replies.Where(reply => reply.Code is 334 or 235));
        Assert.True(await IsEverOnLoopAsync(() => connection.NoopAsync()));
    }

    [Fact]
    public async Task Nobody_listening_is_said_in_the_platforms_words()
    {
        using Socket closed = new(SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        SmtpConnectionException exception = await Assert.ThrowsAsync<SmtpConnectionException>(
            async () => await SmtpConnection.OpenAsync(Address(closed), OnLoops));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(exception.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task A_connection_that_takes_a_while_is_waited_for()
    {
        using BusyListener listener = new();
        Task<ClientSocket> dialled = new Dialer(TimeProvider.System, runOnEventLoop: true).DialAsync(
            listener.Address, null, TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.False(dialled.IsCompleted);
        listener.AcceptAll();
        using ClientSocket socket = await dialled.Within("the connection");
        Socket accepted = await listener.WhenAcceptedAsync(socket.Socket.LocalEndPoint!);
        await accepted.SendAsync("220 ready\r\n"u8.ToArray());
        byte[] octets = new byte[20];
        Assert.Equal(11, await socket.Stream.ReadAsync(octets).Within("the greeting"));
    }

    [Fact]
    public async Task A_connection_that_takes_a_while_can_be_given_up()
    {
        using BusyListener listener = new();
        using CancellationTokenSource cancel = new();
        ValueTask<SmtpConnection> opening = SmtpConnection.OpenAsync(listener.Address, OnLoops, cancel.Token);
        Assert.False(opening.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.Within("the end of the wait"));
    }

    [Fact]
    public async Task Cancelled_while_it_waits_the_connection_is_closed()
    {
        using Peer peer = new();
        using CancellationTokenSource cancel = new();
        (SmtpConnection connection, Socket accepted) = await peer.ConnectAsync(OnLoops);
        await using (connection)
        using (accepted)
        {
            ValueTask<Reply> waiting = connection.NoopAsync(cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => waiting.Within("the end of the wait"));
            Assert.False(connection.IsOpen);
        }
    }

    [Fact]
    public async Task A_reply_that_does_not_come_in_time_ends_the_connection()
    {
        using Peer peer = new();
        TestClock clock = new();
        (SmtpConnection connection, Socket accepted) = await peer.ConnectAsync(OnLoops with { TimeProvider = clock });
        await using (connection)
        using (accepted)
        {
            ValueTask<Reply> waiting = connection.NoopAsync(CancellationToken.None);
            await clock.PassAsync(new SmtpClientTimeouts().Command);
            SmtpConnectionException exception = await Assert.ThrowsAsync<SmtpConnectionException>(() => waiting.Within("the end of the wait"));
            Assert.IsType<TimeoutException>(exception.InnerException);
        }
    }

    [Fact]
    public async Task Disposed_of_while_it_waits_the_connection_is_closed()
    {
        using Peer peer = new();
        (SmtpConnection connection, Socket accepted) = await peer.ConnectAsync(OnLoops);
        using (accepted)
        {
            ValueTask<Reply> waiting = connection.NoopAsync(CancellationToken.None);
            await connection.DisposeAsync();
            await Assert.ThrowsAsync<SmtpConnectionException>(() => waiting.Within("the end of the wait"));
            byte[] said = new byte[100];
            Assert.Equal("NOOP\r\n", Encoding.ASCII.GetString(said, 0, await accepted.ReceiveAsync(said).Within("the command")));
            Assert.Equal(0, await accepted.ReceiveAsync(said).Within("the end"));
        }
    }

    // The socket takes a part of it, and the rest waits for room.
    [Fact]
    public async Task Content_that_the_server_takes_slowly_arrives_whole()
    {
        byte[] content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(number => $"{number,60}\r\n")));
        using Peer peer = new();
        (SmtpConnection connection, Socket accepted) = await peer.ConnectAsync(OnLoops);
        await using (connection)
        using (accepted)
        {
            ValueTask<IReadOnlyList<Reply>> sending = connection.DataAsync(content, CancellationToken.None);
            byte[] block = new byte[1 << 16];
            Assert.Equal("DATA\r\n", Encoding.ASCII.GetString(block, 0, await accepted.ReceiveAsync(block).Within("DATA")));
            await accepted.SendAsync("354 go on\r\n"u8.ToArray());
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int left = content.Length; left > 0;)
            {
                int octets = await accepted.ReceiveAsync(block.AsMemory(0, Math.Min(left, block.Length))).AsTask().Within("the content");
                Assert.NotEqual(0, octets);
                hash.AppendData(block.AsSpan(0, octets));
                left -= octets;
            }
            Assert.Equal(SHA256.HashData(content), hash.GetHashAndReset());
            await accepted.SendAsync("250 taken\r\n"u8.ToArray());
            Assert.Equal(250, Assert.Single(await sending.Within("the reply")).Code);
        }
    }

    [Fact]
    public void Few_connections_share_a_loop_and_many_have_all()
    {
        EventLoop[] taken = [.. Enumerable.Range(0, 100 * Environment.ProcessorCount).Select(_ => ClientLoops.Enter())];
        try
        {
            Assert.Equal(Environment.ProcessorCount, taken.Distinct().Count());
            Assert.InRange(taken.Distinct().Min(loop => taken.Count(other => other == loop)), 32, 100);
        }
        finally
        {
            foreach (EventLoop loop in taken) ClientLoops.Leave(loop);
        }
    }

    private static bool IsOnLoop => Thread.CurrentThread.Name?.StartsWith("SMTP client ", StringComparison.Ordinal) == true;

    // What has ended before it is awaited goes on where it was asked for: that may happen, but not every time.
    private static async Task<bool> IsEverOnLoopAsync<T>(Func<ValueTask<T>> ask, Action? doThere = null)
    {
        for (int i = 0; i < 100; i++)
        {
            await ask().ConfigureAwait(false);
            if (!IsOnLoop) continue;
            doThere?.Invoke();
            return true;
        }
        return false;
    }

    private static TestServer Start(Recorder recorder)
    {
        TestServer server = new() { Time = TimeProvider.System, Factory = recorder.NewSession };
        server.Start();
        return server;
    }

    private static SmtpDestination Address(TestServer server) => Address(server.Listener.EndPoint);

    private static SmtpDestination Address(Socket socket) => Address(socket.LocalEndPoint!);

    private static SmtpDestination Address(EndPoint endPoint) => new("127.0.0.1", ((IPEndPoint)endPoint).Port) { Tls = ClientTls.None };

    /// <summary>Notes each reply, and whether it was heard on a loop.</summary>
    private sealed class Heard : SmtpConnectionObserver
    {
        public ConcurrentQueue<(int Code, bool IsOnLoop)> Replies { get; } = new();

        public override void OnReceived(Reply reply) => Replies.Enqueue((reply.Code, ClientLoopTests.IsOnLoop));
    }

    /// <summary>A listener whose peers are sockets of the test.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public Peer()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
        }

        public async Task<(SmtpConnection Connection, Socket Accepted)> ConnectAsync(SmtpConnectionOptions options)
        {
            ValueTask<SmtpConnection> opening = SmtpConnection.OpenAsync(Address(_listener), options);
            Socket accepted = await _listener.AcceptAsync().Within("the connection");
            await accepted.SendAsync("220 ready\r\n"u8.ToArray());
            return (await opening.Within("the greeting"), accepted);
        }

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>A listener with so many connections waiting that the system lets a further one wait for its first answer.</summary>
    private sealed class BusyListener : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>();
        private readonly List<Socket> _sockets = [];

        public BusyListener()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
            // One that is there fills the queue; the others find it full.
            for (int i = 0; i < 3; i++)
            {
                Socket waiting = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _sockets.Add(waiting);
                try
                {
                    waiting.Connect(_listener.LocalEndPoint!);
                }
                catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock)
                {
                    // As it should be.
                }
            }
        }

        public SmtpDestination Address => ClientLoopTests.Address(_listener);

        /// <summary>Lets all in. The system asks again a second after it was given no answer.</summary>
        public void AcceptAll() => _ = AcceptAllAsync();

        /// <summary>The other end of a connection that was let in.</summary>
        public async Task<Socket> WhenAcceptedAsync(EndPoint peer)
        {
            while (true)
            {
                Socket accepted = await _accepted.Reader.ReadAsync().Within("a connection");
                if (peer.Equals(accepted.RemoteEndPoint)) return accepted;
            }
        }

        public void Dispose()
        {
            _listener.Dispose();
            lock (_sockets) foreach (Socket socket in _sockets) socket.Dispose();
        }

        private async Task AcceptAllAsync()
        {
            try
            {
                while (true)
                {
                    Socket accepted = await _listener.AcceptAsync();
                    lock (_sockets) _sockets.Add(accepted);
                    _accepted.Writer.TryWrite(accepted);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
