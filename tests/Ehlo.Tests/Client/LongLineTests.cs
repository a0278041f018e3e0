using System;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>Over a line of 50 ms each way: how many round trips messages take, with refusals among them.</summary>
public sealed class LongLineTests
{
    private const int Messages = 20;

    // The greeting, EHLO, the first envelope and QUIT, beside what the messages take.
    private const int OtherFlights = 4;

    [Theory]
    [InlineData(false, 0, Messages)]
    [InlineData(true, 0, 1)]
    // Of the third message all is refused: its MAIL, a recipient, its content.
    [InlineData(false, 7, Messages)]
    [InlineData(false, 8, Messages)]
    [InlineData(false, 9, Messages)]
    [InlineData(true, 7, 1)]
    [InlineData(true, 8, 1)]
    [InlineData(true, 9, 1)]
    public async Task A_message_by_DATA_takes_a_round_trip_and_many_by_chunks_take_one(bool chunking, int refusedCall, int mostFlights)
    {
        Recorder recorder = new() { RefuseAt = refusedCall };
        await using TestServer server = new TestServer { Time = TimeProvider.System, Factory = recorder.NewSession }.Start();
        await using DelayProxy line = new(server.Listener.EndPoint, TimeSpan.FromMilliseconds(50));
        SmtpDestination destination = new("127.0.0.1", line.Port) { Tls = ClientTls.None };
        SendResult[] results;
        SmtpSenderOptions options = new(destination) { MaxConnections = 1, Connection = TestServer.Client with { UseChunking = chunking } };
        await using (SmtpSender sender = new(options))
        {
            results = await Task.WhenAll(Enumerable.Range(0, Messages).Select(async number => await sender.SendAsync(
                new("a@client.example", "b@mx.example"), Encoding.UTF8.GetBytes($"{number}\r\n")))).Within("all messages");
        }
        string[] expected = [.. Enumerable.Range(0, Messages).Where(number => results[number].IsAccepted).Select(number => $"{number} b@mx.example")];
        Assert.Equal(expected, recorder.Accepted);
        Assert.Equal(refusedCall == 0 ? Messages : Messages - 1, expected.Length);
        Assert.InRange(line.Flights, 1, mostFlights + OtherFlights);
    }
}
