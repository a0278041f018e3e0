using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Console;

/// <summary>Server-sent events over a real connection.</summary>
public sealed class EventsApiTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_comes_changes_and_goes_is_told()
    {
        await using Listener listener = await Listener.OpenAsync(console, "");
        StoredMessage message = await console.AddAsync(ConsoleFixture.Message("Grüße\n"));
        (string name, string data, _) = await listener.NextAsync();
        Assert.Equal("added", name);
        JsonElement added = JsonDocument.Parse(data).RootElement;
        Assert.Equal((message.Id, "Grüße\n"), (added.GetProperty("id").GetString(), added.GetProperty("subject").GetString()));
        await console.Store.EditAsync(new InboxQuery { Ids = [message.Id] }, new MessageEdit { IsRead = true }, default);
        Assert.Equal(("changed", $$"""{"mailbox":"Inbox","ids":["{{message.Id}}"]}"""), (await listener.NextAsync()).NameAndData);
        await console.Store.DeleteAsync(message.Id, default);
        Assert.Equal(("deleted", $$"""{"mailbox":"Inbox","ids":["{{message.Id}}"],"all":false}"""), (await listener.NextAsync()).NameAndData);
        await console.Store.DeleteAllAsync(default);
        Assert.Equal(("deleted", """{"mailbox":null,"ids":[],"all":true}"""), (await listener.NextAsync()).NameAndData);
    }

    [Fact]
    public async Task Of_a_mailbox_only_its_own_is_told()
    {
        await console.Store.EnsureMailboxesAsync(["one"], default);
        await using Listener listener = await Listener.OpenAsync(console, "?mailbox=ONE");
        await console.AddAsync(ConsoleFixture.Message("two") with { Mailbox = "two" });
        await console.AddAsync(ConsoleFixture.Message("one") with { Mailbox = "one" });
        Assert.Contains("\"subject\":\"one\"", (await listener.NextAsync()).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_back_reads_anew_unless_nothing_happened()
    {
        string? last;
        await using (Listener listener = await Listener.OpenAsync(console, ""))
        {
            await console.AddAsync(ConsoleFixture.Message());
            last = (await listener.NextAsync()).Id;
        }
        await using (Listener listener = await Listener.OpenAsync(console, "", last))
        {
            await console.AddAsync(ConsoleFixture.Message());
            Assert.Equal("added", (await listener.NextAsync()).Name);
        }
        foreach (string id in (string[])[last!, "00000000-1"])
        {
            await using Listener listener = await Listener.OpenAsync(console, "", id);
            Assert.Equal("read-anew", (await listener.NextAsync()).Name);
        }
    }

    [Fact]
    public async Task A_silent_stream_has_a_heartbeat()
    {
        FakeTimeProvider time = new();
        await using TimedConsole timed = new(time);
        await timed.InitializeAsync();
        await using Listener listener = await Listener.OpenAsync(timed, "");
        Task<string> beat = listener.LineAsync();
        while (!beat.IsCompleted)
        {
            // The server may not wait yet when the time passes; it waits again for as long.
            time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }
        Assert.Equal(":", await beat);
    }

    [Fact]
    public async Task There_is_an_end_to_how_many_listen_and_who_leaves_makes_room()
    {
        await using TimedConsole full = new(TimeProvider.System);
        await full.InitializeAsync();
        List<Listener> listeners = [];
        for (int i = 0; i < 200; i++) listeners.Add(await Listener.OpenAsync(full, ""));
        await full.AssertProblemAsync(503, HttpMethod.Get, "/api/v1/events");
        foreach (Listener listener in listeners) await listener.DisposeAsync();
        // The server hears of the closed connections a little later.
        HttpStatusCode status;
        do
        {
            using HttpResponseMessage answer =
                await full.Http.GetAsync(new Uri("/api/v1/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            status = answer.StatusCode;
        }
        while (status is HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public Task An_unknown_parameter_is_400() => console.AssertProblemAsync(400, HttpMethod.Get, "/api/v1/events?box=x");

    internal readonly record struct Event(string Name, string Data, string? Id)
    {
        public (string, string) NameAndData => (Name, Data);
    }

    private sealed class TimedConsole(TimeProvider time) : ConsoleFixture, IAsyncDisposable
    {
        private protected override ConsoleStart Change(ConsoleStart start) => start with { Time = time };
    }

    private sealed class Listener(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        public static async Task<Listener> OpenAsync(ConsoleFixture console, string query, string? last = null)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri("/api/v1/events" + query, UriKind.Relative));
            if (last is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
            HttpResponseMessage response = await console.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
            StreamReader reader = new(await response.Content.ReadAsStreamAsync());
            Assert.Equal("retry: 2000", await reader.ReadLineAsync().WaitAsync(Patience));
            Assert.Equal("", await reader.ReadLineAsync().WaitAsync(Patience));
            return new(response, reader);
        }

        public async Task<string> LineAsync() => await reader.ReadLineAsync().WaitAsync(Patience) ?? "";

        public async Task<Event> NextAsync()
        {
            Dictionary<string, string> fields = [];
            while (await reader.ReadLineAsync().WaitAsync(Patience) is { } line)
            {
                if (line.Length == 0 && fields.Count > 0)
                    return new(fields["event"], fields["data"], fields.GetValueOrDefault("id"));
                string[] parts = line.Split(": ", 2);
                if (parts is [{ Length: > 0 } name, var value]) fields.Add(name, value);
            }
            throw new EndOfStreamException("The stream of events has ended.");
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
