using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Xunit;

namespace Ehlo.Load.Tests;

/// <summary>Ten thousand idle sessions and a thousand busy ones at once, of which half misbehave.</summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    // What an idle session may hold of managed memory, and a busy one with its buffers, its message and what the collector has not seen yet.
    private const long IdleOctets = 12 * 1024;
    private const long BusyOctets = 256 * 1024;

    // What may differ at the end: tables that have grown and do not shrink, and what the runtime keeps for itself.
    private const long LeftOctets = 16 << 20;

    [Fact]
    public async Task No_message_is_lost_and_everything_is_given_back()
    {
        using PoolListener pool = new();
        Seen seen = new();
        await using SmtpServer server = NewServer(seen, out SmtpListener listener);
        server.Start();
        using Process clients = StartClients(((IPEndPoint)listener.EndPoint).Port);
        long before = Settled();

        await OrderAsync(clients, "idle", $"{Plan.IdleSessions} sessions");
        long idle = Settled() - before;
        Assert.Equal(Plan.IdleSessions, server.ConnectionCount);
        Assert.InRange(idle / Plan.IdleSessions, 0, IdleOctets);
        // A reply is out before its buffer is back.
        await UntilAsync(() => pool.Outstanding == 0, "no idle session holds a buffer");

        using Peak peak = new();
        await OrderAsync(clients, "busy", $"{Plan.WellBehaved * Plan.Messages} messages accepted");
        long busy = peak.Stop() - before - idle;
        Assert.InRange(busy, 0, (Plan.WellBehaved + Plan.Misbehaving) * BusyOctets);
        await OrderAsync(clients, "alive", $"{Plan.IdleSessions} answered");
        await OrderAsync(clients, "end", $"{Plan.IdleSessions} ended");
        clients.StandardInput.Close();
        await clients.WaitForExitAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => server.ConnectionCount == 0 && seen.Sessions == 0, "all sessions are over");
        AssertMessages(seen);
        await UntilAsync(() => pool.Outstanding == 0, "every buffer is back");
        seen.Messages.Clear();
        long left = Settled() - before;
        output.WriteLine($"idle: {idle / Plan.IdleSessions:n0} octets a session; busy: {busy:n0} octets more at most; left: {left:n0}; "
            + $"{pool.Rented:n0} arrays rented and returned; working set at its peak: {peak.WorkingSet:n0}");
        Assert.InRange(left, long.MinValue, LeftOctets);
    }

    private static SmtpServer NewServer(Seen seen, out SmtpListener listener)
    {
        listener = new(new IPEndPoint(IPAddress.Loopback, 0));
        SmtpServerOptions options = new()
        {
            ServerName = "mx.example",
            Listeners = { listener },
            // All come from one address.
            Limits = new() { MaxConnections = 2 * Plan.IdleSessions, MaxConnectionsPerAddress = 0 },
            // Those who never read their replies would stay for five minutes otherwise. Whoever reads takes no time at all.
            Timeouts = new() { Write = TimeSpan.FromSeconds(5) },
        };
        return new(options, connection => new LoadSession(connection, seen));
    }

    private static Process StartClients(int port) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { typeof(Program).Assembly.Location, ClientFleet.Argument, port.ToString(CultureInfo.InvariantCulture) },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private async Task OrderAsync(Process clients, string order, string expected)
    {
        Stopwatch time = Stopwatch.StartNew();
        await clients.StandardInput.WriteLineAsync(order);
        await clients.StandardInput.FlushAsync();
        string failures = "";
        while (await clients.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(order, StringComparison.Ordinal))
            {
                output.WriteLine($"{line}; {time.ElapsedMilliseconds} ms");
                Assert.StartsWith($"{order}: {expected}", line, StringComparison.Ordinal);
                Assert.True(line.EndsWith(", 0 failures", StringComparison.Ordinal), failures + line);
                return;
            }
            failures += line + "\n";
        }
        Assert.Fail("The clients' process ended.");
    }

    private static void AssertMessages(Seen seen)
    {
        Assert.Empty(seen.Doubles);
        Assert.Equal(Plan.WellBehaved * Plan.Messages, seen.Messages.Count);
        foreach (int session in Enumerable.Range(0, Plan.WellBehaved))
        {
            foreach (int message in Enumerable.Range(0, Plan.Messages))
                Assert.Equal(Plan.Sum(Plan.ContentOf(session, message)), seen.Messages.GetValueOrDefault(Plan.NameOf(session, message)));
        }
    }

    // What is waited for is on its way: nobody has to do anything for it.
    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        using CancellationTokenSource timeout = new(Plan.ReplyTimeout);
        while (!condition())
        {
            Assert.False(timeout.IsCancellationRequested, $"Waited in vain until {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>The most managed memory, garbage included, that was in use at any look.</summary>
    private sealed class Peak : IDisposable
    {
        private readonly Timer _timer;
        private long _octets;

        public Peak() => _timer = new(_ => Look(), null, 0, 50);

        public long WorkingSet { get; private set; }

        public long Stop()
        {
            _timer.Dispose();
            return _octets;
        }

        public void Dispose() => _timer.Dispose();

        private void Look()
        {
            _octets = Math.Max(_octets, GC.GetTotalMemory(forceFullCollection: false));
            WorkingSet = Math.Max(WorkingSet, Environment.WorkingSet);
        }
    }
}
