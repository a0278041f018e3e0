using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

/// <summary>
/// The program itself, killed under load again and again. Clients keep a ledger of what was answered 250; after each kill all of it must
/// be there, and the program must start again on the same folder.
/// </summary>
public sealed class InboxKillTests
{
    private const int Clients = 16;
    private const string Stored = "250 2.6.0 OK, stored as ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Some twenty seconds' worth. EHLO_TEST_ROUNDS gives another number, to be run for longer by hand.
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("EHLO_TEST_ROUNDS") ?? "8", CultureInfo.InvariantCulture);

    [Fact]
    public async Task After_a_kill_under_load_each_message_that_was_answered_250_is_there()
    {
        string folder = Directory.CreateTempSubdirectory("ehlo-kill-").FullName;
        ConcurrentDictionary<string, string> all = new();
        Random random = new(1);
        for (int round = 0; round < Rounds; round++)
        {
            ConcurrentDictionary<string, string> ledger = new();
            await RunUntilKilledAsync(folder, round, ledger, killAfter: random.Next(1, 1500));
            await using (InboxStore store = InboxStore.Open(folder, TimeProvider.System))
            {
                Check(store, ledger);
            }
            Assert.All(ledger, entry => Assert.True(all.TryAdd(entry.Key, entry.Value), $"the id {entry.Key} came twice"));
        }
        await using (InboxStore store = InboxStore.Open(folder, TimeProvider.System))
        {
            Check(store, all);
        }
        TestContext.Current.SendDiagnosticMessage($"{Rounds} kills, {all.Count} messages");
        Directory.Delete(folder, recursive: true);
    }

    private static void Check(InboxStore store, IReadOnlyDictionary<string, string> ledger)
    {
        foreach ((string id, string name) in ledger)
        {
            Assert.True(store.Find(id) is not null, $"{name} was answered 250 as {id} and is not there");
            AssertWhole(store, id, name);
        }
        // What was under way when it was killed is there whole, or not at all.
        foreach (StoredMessage message in store.List(2 * Clients, null))
        {
            AssertWhole(store, message.Id, message.Subject);
        }
    }

    private static void AssertWhole(InboxStore store, string id, string name)
    {
        using Stream content = store.OpenContent(id)!;
        using StreamReader reader = new(content, Encoding.ASCII);
        Assert.Equal(ContentOf(name), reader.ReadToEnd());
    }

    // Most share a segment; some have one of their own.
    private static string ContentOf(string name)
    {
        int hash = name.Aggregate(17, (sum, letter) => (sum * 31) + letter) & 0xFFFF;
        int lines = hash % 40 == 0 ? 600 : hash % 20;
        return $"Subject: {name}\r\n\r\n" + string.Concat(Enumerable.Range(0, lines).Select(i => $"{name} line {i} {new string('x', 50)}\r\n"));
    }

    private static async Task RunUntilKilledAsync(string folder, int round, ConcurrentDictionary<string, string> ledger, int killAfter)
    {
        using Process program = Start(folder);
        try
        {
            int port = await PortAsync(program).WaitAsync(Patience);
            _ = program.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => SendAsync(port, $"r{round}c{client}", (id, name) =>
            {
                Assert.True(ledger.TryAdd(id, name), $"the id {id} came twice");
                if (ledger.Count >= killAfter)
                {
                    enough.TrySetResult();
                }
            }))];
            await Task.WhenAny([enough.Task, .. clients]).WaitAsync(Patience);
            program.Kill(); // SIGKILL: nothing of it runs any more.
            await Task.WhenAll(clients).WaitAsync(Patience);
            Assert.True(ledger.Count >= killAfter, "the clients ended before the program was killed");
        }
        finally
        {
            if (!program.HasExited)
            {
                program.Kill();
            }
            await program.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(string folder)
    {
        // artifacts/bin/Ehlo.App.Tests/release/ and artifacts/bin/Ehlo.App/release/
        string own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string program = Path.GetFullPath(Path.Combine(own, "..", "..", "Ehlo.App", Path.GetFileName(own), "Ehlo.App.dll"));
        return Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--smtp", "0", "--http", "0", "--data", folder])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        })!;
    }

    private static async Task<int> PortAsync(Process program)
    {
        while (await program.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("Listening smtp://", StringComparison.Ordinal))
            {
                return new Uri(line["Listening ".Length..]).Port;
            }
        }
        throw new InvalidOperationException("The program ended before it listened.");
    }

    /// <summary>Sends messages until the connection breaks.</summary>
    private static async Task SendAsync(int port, string client, Action<string, string> acknowledged)
    {
        try
        {
            using TcpClient connection = new() { NoDelay = true };
            await connection.ConnectAsync(IPAddress.Loopback, port);
            using StreamReader replies = new(connection.GetStream(), Encoding.ASCII);
            await ExpectAsync(replies, "220");
            await WriteAsync(connection, "HELO client.example\r\n");
            await ExpectAsync(replies, "250");
            for (int i = 0; ; i++)
            {
                string name = $"{client}m{i}";
                await WriteAsync(connection, "MAIL FROM:<a@client.example>\r\nRCPT TO:<b@mx.example>\r\nDATA\r\n");
                await ExpectAsync(replies, "250");
                await ExpectAsync(replies, "250");
                await ExpectAsync(replies, "354");
                await WriteAsync(connection, ContentOf(name) + ".\r\n");
                string id = (await ExpectAsync(replies, Stored))[Stored.Length..];
                if (id.Length == 16) // The kill may have cut the reply, which then promised nothing.
                {
                    acknowledged(id, name);
                }
            }
        }
        catch (IOException)
        {
            // It was killed.
        }
        catch (SocketException)
        {
        }
    }

    private static async Task WriteAsync(TcpClient connection, string text) =>
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string> ExpectAsync(StreamReader replies, string start)
    {
        string line = await replies.ReadLineAsync() ?? throw new IOException("The connection was closed.");
        return line.StartsWith(start, StringComparison.Ordinal) ? line : throw new IOException($"Not {start}: {line}");
    }
}
