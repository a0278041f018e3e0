using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>What the meter and the activity source <c>Ehlo.Client</c> tell.</summary>
public sealed class SenderTelemetryTests
{
    private static readonly Content Content = "x\r\n"u8.ToArray();

    [Fact]
    public async Task Each_message_is_measured_by_its_outcome_and_connections_are_counted()
    {
        await using TestServer server = new TestServer
        {
            Time = TimeProvider.System,
            Factory = new Recorder { RefuseAt = 3, Refusal = new(550, "No") }.NewSession, // EHLO, MAIL, and the first RCPT.
        }.Start();
        int port = ((IPEndPoint)server.Listener.EndPoint).Port;
        using Measurements measured = new(port);
        SmtpSenderOptions options = Options(port);
        await using (SmtpSender sender = new(options))
        {
            await sender.SendAsync(new("a@client.example", "b@mx.example", "c@mx.example"), Content).AsTask().Within("the first result");
            await sender.SendAsync(new("a@client.example", "b@mx.example"), Content).AsTask().Within("the second result");
            Assert.Equal(1, measured.Sum("smtp.client.open_connections"));
        }
        Assert.Equal(0, measured.Sum("smtp.client.open_connections"));
        Assert.Equal(2, measured.Sum("smtp.client.recipients", "smtp.outcome", "accepted"));
        Assert.Equal(1, measured.Sum("smtp.client.recipients", "smtp.outcome", "refused"));
        Assert.Equal(1, measured.Count("smtp.client.send.duration", "error.type", "550"));
        Assert.Equal(1, measured.Count("smtp.client.send.duration", "error.type", null));
        Assert.Equal("s", measured.UnitOf("smtp.client.send.duration"));
    }

    [Fact]
    public async Task Recipients_of_a_connection_that_fails_are_lost()
    {
        using System.Net.Sockets.Socket closed = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)closed.LocalEndPoint!).Port;
        using Measurements measured = new(port);
        await using SmtpSender sender = new(Options(port));
        await Assert.ThrowsAsync<SmtpConnectionException>(
            async () => await sender.SendAsync(new("a@client.example", "b@mx.example", "c@mx.example"), Content));
        Assert.Equal(2, measured.Sum("smtp.client.recipients", "smtp.outcome", "lost"));
        Assert.Equal(1, measured.Count("smtp.client.send.duration", "error.type", nameof(SmtpConnectionException)));
    }

    [Fact]
    public async Task Each_message_is_an_activity_below_the_callers()
    {
        await using TestServer server = new TestServer { Time = TimeProvider.System, Factory = new Recorder().NewSession }.Start();
        int port = ((IPEndPoint)server.Listener.EndPoint).Port;
        ConcurrentQueue<Activity> ended = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name is "Ehlo.Client" or "Test",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using ActivitySource test = new("Test");
        await using SmtpSender sender = new(Options(port));
        using Activity request = test.StartActivity("request")!;
        await sender.SendAsync(new("a@client.example", "b@mx.example"), Content).AsTask().Within("the result");
        Activity sent = Assert.Single(ended, activity => activity.OperationName == "smtp.send" && activity.TraceId == request.TraceId);
        Assert.Equal((request.SpanId, ActivityKind.Client), (sent.ParentSpanId, sent.Kind));
        Assert.Equal(("127.0.0.1", port), (sent.GetTagItem("server.address"), (int)sent.GetTagItem("server.port")!));
    }

    private static SmtpSenderOptions Options(int port) => new(SmtpDestination.Parse($"smtp://127.0.0.1:{port}?tls=none"))
    {
        MaxConnections = 1,
        Connection = TestServer.Client,
    };

    /// <summary>The measurements of one server's port: other tests run at the same time.</summary>
    private sealed class Measurements : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(Instrument Instrument, double Value, Dictionary<string, object?> Tags)> _taken = new();
        private readonly int _port;

        public Measurements(int port)
        {
            _port = port;
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Ehlo.Client") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
            _listener.Start();
        }

        public double Sum(string name) => _taken.Where(one => one.Instrument.Name == name).Sum(one => one.Value);

        public double Sum(string name, string tag, string value) => Of(name, tag, value).Sum(one => one.Value);

        public int Count(string name, string tag, string? value) => Of(name, tag, value).Count();

        public string? UnitOf(string name) => _taken.First(one => one.Instrument.Name == name).Instrument.Unit;

        public void Dispose() => _listener.Dispose();

        private IEnumerable<(Instrument Instrument, double Value, Dictionary<string, object?> Tags)> Of(string name, string tag, string? value) =>
            _taken.Where(one => one.Instrument.Name == name && one.Tags.GetValueOrDefault(tag) as string == value);

        private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> named = new(tags.ToArray());
            if (named["server.port"] is int port && port == _port) _taken.Enqueue((instrument, value, named));
        }
    }
}
