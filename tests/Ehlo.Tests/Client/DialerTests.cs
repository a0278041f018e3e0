using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>Which address of a host the client connects to (RFC 8305).</summary>
public sealed class DialerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly SmtpDestination Host = new("mx.example", 25);

    [Theory]
    [InlineData("192.0.2.1 192.0.2.2 2001:db8::1", "2001:db8::1 192.0.2.1 192.0.2.2")]
    [InlineData("192.0.2.1 2001:db8::1 2001:db8::2", "2001:db8::1 192.0.2.1 2001:db8::2")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    public void Families_take_turns_and_IPv6_is_first(string found, string tried) =>
        Assert.Equal(tried, string.Join(' ', Dialer.Interleave([.. found.Split(' ').Select(IPAddress.Parse)]).AsEnumerable()));

    [Fact]
    public void Of_very_many_addresses_some_are_tried() =>
        Assert.Equal(16, Dialer.Interleave([.. Enumerable.Range(0, 256).Select(last => new IPAddress([192, 0, 2, (byte)last]))]).Length);

    [Fact]
    public async Task While_one_address_is_silent_the_next_is_tried_and_wins()
    {
        Attempts attempts = new("2001:db8::1", "192.0.2.1");
        Task<ClientSocket> dialled = attempts.DialAsync();
        Assert.Equal(["2001:db8::1"], attempts.Tried);
        await attempts.Clock.PassAsync(TimeSpan.FromMilliseconds(250));
        await attempts.WhenTriedAsync(2);
        using ClientSocket won = attempts.Succeed("192.0.2.1");
        Assert.Same(won, await dialled.Within("the connection"));
        Assert.True(attempts.IsGivenUp("2001:db8::1"));
    }

    [Fact]
    public async Task One_that_comes_too_late_is_closed()
    {
        Attempts attempts = new("2001:db8::1", "192.0.2.1");
        Task<ClientSocket> dialled = attempts.DialAsync();
        await attempts.Clock.PassAsync(TimeSpan.FromMilliseconds(250));
        await attempts.WhenTriedAsync(2);
        using ClientSocket won = attempts.Succeed("192.0.2.1");
        await dialled.Within("the connection");
        ClientSocket late = attempts.Succeed("2001:db8::1");
        Assert.False(late.Stream.CanRead);
    }

    [Fact]
    public async Task An_address_that_fails_gives_way_at_once()
    {
        Attempts attempts = new("2001:db8::1", "192.0.2.1");
        Task<ClientSocket> dialled = attempts.DialAsync();
        attempts.Fail("2001:db8::1", "unreachable");
        await attempts.WhenTriedAsync(2);
        using ClientSocket won = attempts.Succeed("192.0.2.1");
        Assert.Same(won, await dialled.Within("the connection"));
    }

    [Fact]
    public async Task When_all_fail_the_message_says_how_each_did()
    {
        Attempts attempts = new("2001:db8::1", "192.0.2.1");
        Task<ClientSocket> dialled = attempts.DialAsync();
        attempts.Fail("2001:db8::1", "unreachable");
        await attempts.WhenTriedAsync(2);
        attempts.Fail("192.0.2.1", "refused");
        IOException failure = await Assert.ThrowsAsync<IOException>(() => dialled.Within("the failure"));
        Assert.Equal("[2001:db8::1]:25: unreachable; 192.0.2.1:25: refused", failure.Message);
    }

    [Fact]
    public async Task All_of_it_has_one_time_out()
    {
        Attempts attempts = new("192.0.2.1");
        Task<ClientSocket> dialled = attempts.DialAsync();
        await attempts.Clock.PassAsync(Patience);
        TimeoutException failure = await Assert.ThrowsAsync<TimeoutException>(() => dialled.Within("the failure"));
        Assert.Equal("Nobody answered within 30 seconds.", failure.Message);
    }

    [Fact]
    public async Task A_name_without_addresses_says_so()
    {
        IOException failure = await Assert.ThrowsAsync<IOException>(() => new Attempts().DialAsync());
        Assert.Equal("The name has no address.", failure.Message);
    }

    /// <summary>Attempts whose ends the test decides.</summary>
    private sealed class Attempts(params string[] addresses)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, (TaskCompletionSource<ClientSocket> End, CancellationToken Token)> _attempts = [];
        private readonly Dictionary<int, TaskCompletionSource> _counts = [];

        public TestClock Clock { get; } = new();

        public List<string> Tried { get; } = [];

        public Task<ClientSocket> DialAsync() => new Dialer(Clock)
        {
            Resolve = (_, _) => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse)),
            Connect = Connect,
        }.DialAsync(Host, null, Patience, CancellationToken.None);

        public Task WhenTriedAsync(int count)
        {
            lock (_gate)
            {
                TaskCompletionSource reached = _counts[count] = new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (Tried.Count >= count) reached.SetResult();
                return reached.Task.Within($"attempt {count}");
            }
        }

        public ClientSocket Succeed(string address)
        {
            ClientSocket socket = new(new(SocketType.Stream, ProtocolType.Tcp), new MemoryStream());
            _attempts[address].End.SetResult(socket);
            return socket;
        }

        public void Fail(string address, string why) => _attempts[address].End.SetException(new IOException(why));

        public bool IsGivenUp(string address) => _attempts[address].Token.IsCancellationRequested;

        private Task<ClientSocket> Connect(EndPoint endPoint, CancellationToken cancellationToken)
        {
            string address = ((IPEndPoint)endPoint).Address.ToString();
            lock (_gate)
            {
                // What ends goes on at once, in the test's own call.
                TaskCompletionSource<ClientSocket> end = new();
                _attempts[address] = (end, cancellationToken);
                Tried.Add(address);
                if (_counts.TryGetValue(Tried.Count, out TaskCompletionSource? reached)) reached.TrySetResult();
                // Only silence can be given up: what the test has decided stands.
                return addresses.Length == 1 ? end.Task.WaitAsync(cancellationToken) : end.Task;
            }
        }
    }
}
