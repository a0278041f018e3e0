using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Configuration;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Ehlo.App.Posting;
using Ehlo.App.Routing;
using Ehlo.App.Sessions;
using Ehlo.App.Tests.MessageChecks;
using Ehlo.Testing;
using Microsoft.AspNetCore.Routing;
using Xunit;
using Route = Ehlo.App.Routing.Route;

namespace Ehlo.App.Tests.Console;

/// <summary>The console on a real port over a real inbox in a folder of its own.</summary>
public class ConsoleFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-console-").FullName;
    private IRunningConsole? _console;

    internal InboxStore Store { get; private set; } = null!;

    /// <summary>The inbox as pages get it where nobody signs in.</summary>
    internal SeenInbox Seen => new(Store, () => Viewer.Anybody);

    internal FaultSet Faults { get; } = new();

    internal LiveSessions Sessions { get; } = new(TimeProvider.System);

    internal FixtureZone Zone { get; } = new("");

    internal StringWriter Error { get; } = new();

    /// <summary>The lines of messages.</summary>
    internal StringWriter Output { get; } = new();

    internal HttpClient Http { get; } = new();

    internal string Url => _console!.Url;

    /// <summary>All that is mapped.</summary>
    internal IEnumerable<RouteEndpoint> Endpoints => ((ConsoleHost)_console!).Endpoints;

    public async ValueTask InitializeAsync()
    {
        Store = InboxStore.Open(Path.Combine(_folder, "data"), TimeProvider.System);
        Store.StartIndexing(Error.WriteLine);
        ConsoleOptions options = new() { Endpoint = EndpointAddress.Loopback(0), Hosts = ["mail.example.org"] };
        _console = await ConsoleHost.StartAsync(Change(new ConsoleStart
        {
            Options = options,
            Store = Store,
            Faults = Faults,
            Sessions = Sessions,
            Names = Zone,
            Post = PostTo(Store, Output),
            Smtp = "smtp://*:2525",
            Time = TimeProvider.System,
            Error = Error,
        }));
        Http.BaseAddress = new Uri(_console.Url);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Http.Dispose();
        await _console!.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What the program was told, as far as messages of the API depend on it.</summary>
    private static readonly ServeOptions Serve = new()
    {
        ServerName = "mx.example",
        DataDirectory = "",
        Listeners = [],
        Authentication = AuthenticationMode.Any,
        Users = [],
        Extensions = new(),
        Limits = new() { MaxMessageOctets = 100_000, MaxRecipients = 5 },
        Routes = new([
            new Route { Recipient = "nobody@*", To = new Destination.Reject(550, "5.1.1", "No such user") },
            new Route { Recipient = "drop@*", To = new Destination.Discard() },
            new Route { Recipient = "*.test", To = new Destination.Inbox() },
        ]),
        Console = null,
    };

    /// <summary>What another fixture has otherwise.</summary>
    private protected virtual ConsoleStart Change(ConsoleStart start) => start;

    internal static MessagePost PostTo(InboxStore store, TextWriter output) => new(Serve, store, output, TimeProvider.System);

    /// <summary>Adds a message and returns it with its id.</summary>
    internal async Task<StoredMessage> AddAsync(StoredMessage message, string content = "Subject: x\r\n\r\nbody\r\n")
    {
        using ContentWriter writer = Store.BeginContent();
        writer.Append(Encoding.UTF8.GetBytes(content));
        return await Store.AddAsync(message, writer, default);
    }

    internal static StoredMessage Message(string subject = "Hello", string from = "a@example.test", params string[] to)
    {
        to = to.Length == 0 ? ["you@example.test"] : to;
        return new StoredMessage
        {
            ReceivedAt = new DateTimeOffset(2026, 7, 1, 12, 34, 56, TimeSpan.Zero),
            Subject = subject,
            From = from,
            To = to,
            MailParameters = new Dictionary<string, string?> { ["SIZE"] = "100", ["SMTPUTF8"] = null },
            RcptParameters = Array.ConvertAll(to, _ => new Dictionary<string, string?>()),
            Hello = new HelloFacts("EHLO", "client.example"),
            Connection = "c1",
            Session = 1,
            PeerAddress = "192.0.2.7",
            ServerName = "mx.example",
            WithProtocol = "ESMTP",
            Dialogue =
            [
                new DialogueLine(DateTimeOffset.UnixEpoch, "server", "220 mx"),
                new DialogueLine(DateTimeOffset.UnixEpoch, "client", "EHLO <x>"),
            ],
        };
    }

    internal async Task<JsonElement> GetJsonAsync(string path)
    {
        using HttpResponseMessage response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        Assert.Equal(new MediaTypeHeaderValue("application/json", "utf-8"), response.Content.Headers.ContentType);
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Sends the request and checks that the answer is a problem of this status.</summary>
    internal async Task AssertProblemAsync(int status, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using HttpResponseMessage response = await Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
    }
}
