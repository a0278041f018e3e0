using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ehlo.Hosting.Tests;

/// <summary>Logs, metrics and activities.</summary>
public sealed class TelemetryTests
{
    private static readonly string[] Message = ["MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "DATA", "x\r\n."];

    private static void Handler(SmtpServerBuilder builder)
    {
        builder.Services.AddSingleton<Journal>().AddScoped<Scoped>();
        builder.UseHandler<TestHandler>();
    }

    [Fact]
    public async Task A_session_and_its_messages_are_logged_by_their_numbers()
    {
        await using TestHost host = await TestHost.StartAsync(Handler);
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        await client.AskAsync([.. Message, "MAIL FROM:<>", "RSET", "QUIT"]);
        await host.StopAsync();
        int[] ids = [.. host.Entries.Where(entry => entry.Id is > 0 and < 3 or >= 10 and < 50).Select(entry => entry.Id)];
        Assert.Equal([1, 10, 30, 32, 11], ids);
        Assert.Contains(host.Entries, entry => entry.Text.EndsWith(
            "message from <a@client.example> to 1 recipients accepted, 3 octets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_handler_throws_is_logged_and_stays_here()
    {
        await using TestHost host = await TestHost.StartAsync(builder => builder.UseHandler<ThrowingHandler>());
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        Assert.DoesNotContain("secret", await client.AskAsync(Message), StringComparison.Ordinal);
        Assert.Contains(host.Entries, entry =>
            entry is { Id: 40, Level: LogLevel.Error } && entry.Text.Contains("OnMessageAsync", StringComparison.Ordinal));
        Assert.Contains(host.Entries, entry => entry.Id == 31);
    }

    [Theory]
    [InlineData("a\r\nb\u001b[1m\u202e", "a??b?[1m?")]
    [InlineData("b\u00fccher", "b\u00fccher")]
    [InlineData("", "(none)")]
    public void A_peers_text_cannot_forge_a_log(string text, string logged) => Assert.Equal(logged, PeerText.Of(text));

    [Fact]
    public void A_peers_text_is_cut() => Assert.Equal(256, PeerText.Of(new string('a', 10_000)).Length);

    [Fact]
    public async Task Metrics_count_sessions_messages_and_their_size()
    {
        ConcurrentQueue<(string Name, double Value, string Tags)> measured = new();
        await using TestHost host = TestHost.Make(Handler, ("Listeners:0:Endpoint", "127.0.0.1:0"));
        using MeterListener listener = new();
        IMeterFactory factory = host.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, published) =>
        {
            if (instrument.Meter.Name == "Ehlo.Server" && instrument.Meter.Scope == factory) published.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Enqueue((instrument.Name, value, Text(tags))));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Enqueue((instrument.Name, value, Text(tags))));
        listener.Start();
        await host.StartAsync();
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        await client.AskAsync([.. Message, "MAIL FROM:<>", "QUIT"]);
        await host.StopAsync();
        Assert.Equal([1, -1], measured.Where(one => one.Name == "smtp.server.active_sessions").Select(one => one.Value));
        Assert.Equal(["smtp.transaction.outcome=completed", "smtp.transaction.outcome=reset"],
            measured.Where(one => one.Name == "smtp.server.messages").Select(one => one.Tags));
        Assert.Equal([3], measured.Where(one => one.Name == "smtp.server.message.size").Select(one => one.Value));
        (_, double seconds, string tags) = Assert.Single(measured, one => one.Name == "smtp.server.session.duration");
        Assert.InRange(seconds, 0, 60);
        Assert.Equal("tls.protocol.version=none", tags);
    }

    [Fact]
    public async Task A_session_is_an_activity_and_each_transaction_is_one_within_it()
    {
        ConcurrentQueue<Activity> stopped = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "Ehlo.Server",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        ConcurrentQueue<ActivityTraceId> seen = new();
        await using TestHost host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(seen);
            builder.UseHandler<TracingHandler>();
        });
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        string port = $"{((System.Net.IPEndPoint)client.Socket!.LocalEndPoint!).Port}";
        await client.AskAsync([.. Message, .. Message, "QUIT"]);
        await host.StopAsync();
        // Other tests run at the same time, and their sessions are heard too.
        Activity session = Assert.Single(stopped, one => $"{one.GetTagItem("network.peer.port")}" == port);
        Activity[] transactions = [.. stopped.Where(one => one.TraceId == session.TraceId && one.OperationName == "smtp.transaction")];
        Assert.Equal("smtp.session", session.OperationName);
        Assert.Equal("127.0.0.1", session.GetTagItem("network.peer.address"));
        Assert.Equal(default, session.ParentSpanId);
        Assert.Equal([session.SpanId, session.SpanId], transactions.Select(one => one.ParentSpanId));
        Assert.All(transactions, one => Assert.Equal("completed", one.GetTagItem("smtp.transaction.outcome")));
        Assert.Equal([session.TraceId, session.TraceId], seen);
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));

    internal sealed class TracingHandler(ConcurrentQueue<ActivityTraceId> seen) : IMessageHandler
    {
        public ValueTask<Reply> HandleAsync(
            MessageContext context, System.IO.Pipelines.PipeReader content, System.Threading.CancellationToken cancellationToken)
        {
            if (Activity.Current is { OperationName: "smtp.transaction" } activity) seen.Enqueue(activity.TraceId);
            return new(Reply.Ok());
        }
    }
}
