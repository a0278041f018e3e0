using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Load.Tests;

/// <summary>What a session does that means no good. Each ends when the token is cancelled, or when the server has had enough.</summary>
internal static class Misbehaviour
{
    private const string Envelope = "EHLO bad.example\r\nMAIL FROM:<bad@bad.example>\r\nRCPT TO:<b@mx.example>\r\n";

    public static readonly Func<Connection, int, CancellationToken, Task>[] Kinds =
        [OneOctetAtATime, CutInACommand, CutInData, CutInAChunk, Garbage, Flood, FloodAndNeverRead];

    // The last one's connection must not take in what the server says.
    public static int ReceiveOctets(int kind) => Kinds[kind] == FloodAndNeverRead ? 2048 : 0;

    // Never comes to the end of its message.
    private static async Task OneOctetAtATime(Connection connection, int number, CancellationToken cancellationToken)
    {
        byte[] octets = Encoding.Latin1.GetBytes($"{Envelope}DATA\r\nSubject: slow\r\n\r\n{new string('x', 100_000)}");
        for (int i = 0; i < octets.Length; i++)
        {
            await connection.SendAsync(octets.AsMemory(i, 1), cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    private static async Task CutInACommand(Connection connection, int number, CancellationToken cancellationToken)
    {
        await connection.ExpectAsync("220");
        await connection.SendAsync(Envelope[..(5 + (number % (Envelope.Length - 5)))], cancellationToken);
    }

    private static async Task CutInData(Connection connection, int number, CancellationToken cancellationToken)
    {
        await connection.ExpectAsync("220");
        await connection.SendAsync($"{Envelope}DATA\r\nSubject: cut\r\n\r\n{new string('x', number % 70_000)}\r\n.\r", cancellationToken);
    }

    private static async Task CutInAChunk(Connection connection, int number, CancellationToken cancellationToken)
    {
        await connection.ExpectAsync("220");
        string chunks = $"BDAT 100\r\n{new string('x', 100)}BDAT 100000 LAST\r\n{new string('y', number % 70_000)}";
        await connection.SendAsync(Envelope + chunks, cancellationToken);
    }

    private static async Task Garbage(Connection connection, int number, CancellationToken cancellationToken)
    {
        byte[] octets = new byte[20_000];
        new Random(number).NextBytes(octets);
        await connection.SendAsync(octets, cancellationToken);
        await connection.SendAsync("\r\nQUIT\r\n", cancellationToken);
        await connection.DrainAsync(cancellationToken);
    }

    // Many commands at once, whose replies are read.
    private static async Task Flood(Connection connection, int number, CancellationToken cancellationToken)
    {
        Task drained = connection.DrainAsync(cancellationToken);
        await connection.SendAsync(string.Concat(System.Linq.Enumerable.Repeat("NOOP\r\nRSET\r\nEHLO flood.example\r\n", 300)), cancellationToken);
        await connection.SendAsync("QUIT\r\n", cancellationToken);
        await drained;
    }

    // Goes on until the server drops the connection, since nobody takes its replies.
    private static async Task FloodAndNeverRead(Connection connection, int number, CancellationToken cancellationToken)
    {
        byte[] octets = Encoding.Latin1.GetBytes(string.Concat(System.Linq.Enumerable.Repeat("EHLO flood.example\r\n", 1000)));
        while (true) await connection.SendAsync(octets, cancellationToken);
    }
}
