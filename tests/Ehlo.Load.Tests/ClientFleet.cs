using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Load.Tests;

/// <summary>
/// All clients, in a process of their own. It is told what to do next by lines, and says with a line that it is done: "idle" opens the
/// idle sessions, "busy" runs the others, "alive" asks each idle one, "end" ends them.
/// </summary>
internal sealed class ClientFleet(int port)
{
    public const string Argument = "clients";

    // As many as connect at once; more would only wait in the listener's queue.
    private const int AtOnce = 200;

    private readonly List<Connection> _idle = [];
    private readonly ConcurrentQueue<string> _failures = [];
    private int _accepted;
    private int _bad;

    public async Task<int> RunAsync(TextReader orders, TextWriter answers)
    {
        while (await orders.ReadLineAsync() is { } order)
        {
            string result = order switch
            {
                "idle" => await OpenIdleAsync(),
                "busy" => await RunBusyAsync(),
                "alive" => await AskIdleAsync(),
                _ => EndIdle(),
            };
            foreach (string failure in _failures.Take(10)) await answers.WriteLineAsync($"failure: {failure}");
            await answers.WriteLineAsync($"{order}: {result}, {_failures.Count} failures");
        }
        return 0;
    }

    private async Task<string> OpenIdleAsync()
    {
        await Parallel.ForAsync(0, Plan.IdleSessions, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) => await Try(async () =>
        {
            Connection connection = await Connection.OpenAsync(port);
            lock (_idle) _idle.Add(connection);
            await connection.ExpectAsync("220");
            await connection.SendAsync("EHLO idle.example\r\n");
            await connection.ExpectAsync("250");
        }));
        return $"{_idle.Count} sessions";
    }

    private async Task<string> AskIdleAsync()
    {
        int answered = 0;
        await Parallel.ForEachAsync(_idle, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (connection, _) => await Try(async () =>
        {
            await connection.SendAsync("NOOP\r\n");
            await connection.ExpectAsync("250");
            Interlocked.Increment(ref answered);
        }));
        return $"{answered} answered";
    }

    // A third leaves politely, a third closes, a third is lost.
    private string EndIdle()
    {
        for (int i = 0; i < _idle.Count; i++)
        {
            if (i % 3 == 0) _idle[i].SendAsync("QUIT\r\n").GetAwaiter().GetResult();
            if (i % 3 == 2) _idle[i].Abort();
            else _idle[i].Dispose();
        }
        return $"{_idle.Count} ended";
    }

    private async Task<string> RunBusyAsync()
    {
        using CancellationTokenSource over = new();
        Task[] bad = [.. Enumerable.Range(0, Plan.Misbehaving).Select(i => Task.Run(() => MisbehaveAsync(i, over.Token)))];
        await Task.WhenAll(Enumerable.Range(0, Plan.WellBehaved).Select(i => Task.Run(() => Try(() => SendAllAsync(i)))));
        await over.CancelAsync();
        await Task.WhenAll(bad);
        return $"{_accepted} messages accepted, {_bad} bad sessions";
    }

    // One session that stays, and so misbehaves beside the others for as long as they send.
    private async Task MisbehaveAsync(int number, CancellationToken cancellationToken)
    {
        int kind = number % Misbehaviour.Kinds.Length;
        for (int i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            try
            {
                Connection connection = await Connection.OpenAsync(port, Misbehaviour.ReceiveOctets(kind));
                Interlocked.Increment(ref _bad);
                try
                {
                    await Misbehaviour.Kinds[kind](connection, (number * 7919) + (i * 104_729), cancellationToken);
                }
                finally
                {
                    connection.Abort();
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
            {
                // What becomes of it is the server's affair; the next one follows.
            }
            // So that the clients' own work leaves the server its share of the processors.
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task SendAllAsync(int session)
    {
        using Connection connection = await Connection.OpenAsync(port);
        await connection.ExpectAsync("220");
        await connection.SendAsync("EHLO good.example\r\n");
        await connection.ExpectAsync("250");
        for (int message = 0; message < Plan.Messages; message++)
        {
            byte[] content = Plan.ContentOf(session, message);
            await connection.SendAsync($"MAIL FROM:<{Plan.NameOf(session, message)}@good.example>\r\nRCPT TO:<b@mx.example>\r\n");
            if (message % 3 == 2) await SendChunksAsync(connection, content);
            else await SendDataAsync(connection, content);
            Interlocked.Increment(ref _accepted);
        }
        await connection.SendAsync("QUIT\r\n");
        await connection.ExpectAsync("221");
    }

    private static async Task SendDataAsync(Connection connection, byte[] content)
    {
        await connection.SendAsync("DATA\r\n");
        await connection.ExpectAsync("250");
        await connection.ExpectAsync("250");
        await connection.ExpectAsync("354");
        string text = Encoding.Latin1.GetString(content).Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        await connection.SendAsync(text + ".\r\n");
        await connection.ExpectAsync("250");
    }

    private static async Task SendChunksAsync(Connection connection, byte[] content)
    {
        int half = content.Length / 2;
        await connection.SendAsync($"BDAT {half}\r\n{Encoding.Latin1.GetString(content, 0, half)}");
        await connection.SendAsync($"BDAT {content.Length - half} LAST\r\n{Encoding.Latin1.GetString(content, half, content.Length - half)}");
        for (int replies = 0; replies < 4; replies++) await connection.ExpectAsync("250");
    }

    private async Task Try(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            _failures.Enqueue(exception.Message);
        }
    }
}
