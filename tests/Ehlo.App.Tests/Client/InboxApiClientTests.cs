using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Tests.Access;
using Ehlo.InboxClient;
using Xunit;
using InboxPage = Ehlo.InboxClient.InboxPage;

namespace Ehlo.App.Tests.Client;

/// <summary>The typed client against the real API, where users sign in.</summary>
public sealed class InboxApiClientTests : IClassFixture<SignInFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SignInFixture _console;
    private readonly InboxApiClient _client;

    public InboxApiClientTests(SignInFixture console)
    {
        _console = console;
        _client = new InboxApiClient(new Uri(console.Url), new NetworkCredential("ann", "ann's password"));
    }

    public ValueTask InitializeAsync() => _console.Store.DeleteAllAsync(default);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_sent_is_found_listed_marked_and_deleted()
    {
        string? id = await _client.SendAsync(new()
        {
            From = "ann@example.test",
            To = ["bob@example.test"],
            Subject = "Grüße",
            Tags = ["trial"],
            Text = "Hello",
            Attachments = [new("a.txt", "abc"u8.ToArray())],
            Headers = new Dictionary<string, string> { ["X-Trial"] = "7" },
        });
        InboxMessage message = (await _client.FindAsync(id!))!;
        Assert.Equal(("Grüße", "ann@example.test", "bob@example.test", "HTTP"),
            (message.Subject, message.Envelope.From, message.Envelope.To.Single(), message.Hello.Verb));
        Assert.Contains("X-Trial: 7\r\n", Encoding.UTF8.GetString(await _client.GetContentAsync(id!)), StringComparison.Ordinal);
        InboxMessage edited = await _client.EditAsync(id!, isRead: true, addTags: ["seen"]);
        Assert.Equal((true, "seen,trial"), (edited.IsRead, string.Join(',', edited.Tags)));
        InboxPage page = await _client.ListAsync(new() { Mailbox = "Inbox", Limit = 1 });
        Assert.Equal((id, 1L, 0L, null), (page.Messages.Single().Id, page.Total, page.Unread, page.Next));
        Assert.Equal(1, (await _client.ListAsync(new() { Search = "tag:seen from:ann" })).Total);
        Assert.Equal(0, (await _client.ListAsync(new() { Search = "tag:seen -from:ann" })).Total);
        Assert.True(await _client.DeleteAsync(id!));
        Assert.False(await _client.DeleteAsync(id!));
        Assert.Null(await _client.FindAsync(id!));
    }

    [Fact]
    public async Task A_message_has_its_dialogue_and_pages_go_on()
    {
        StoredMessage first = await _console.AddAsync(SignInFixture.Message("1"));
        StoredMessage second = await _console.AddAsync(SignInFixture.Message("2"));
        InboxPage page = await _client.ListAsync(new() { Limit = 1 });
        Assert.Equal(second.Id, page.Messages.Single().Id);
        page = await _client.ListAsync(new() { Limit = 1, After = page.Next });
        Assert.Equal(first.Id, page.Messages.Single().Id);
        InboxMessage message = (await _client.FindAsync(first.Id))!;
        Assert.Equal(["server: 220 mx", "client: EHLO <x>"], message.Dialogue.Select(line => $"{line.From}: {line.Line}"));
        Assert.Equal(new DateTimeOffset(2026, 7, 1, 12, 34, 56, TimeSpan.Zero), message.ReceivedAt);
    }

    [Fact]
    public async Task Who_waits_gets_what_comes_and_a_time_out_says_what_did_not()
    {
        Task<InboxMessage> wait = _client.WaitAsync(new() { To = "dora+1@", Subject = "Code & more", Timeout = Patience });
        await _console.AddAsync(SignInFixture.Message("Code & more", "a@b", "other@example.test"));
        StoredMessage wanted = await _console.AddAsync(SignInFixture.Message("Your code & more", "a@b", "dora+1@example.test"));
        Assert.Equal(wanted.Id, (await wait.WaitAsync(Patience)).Id);
        TimeoutException exception =
            await Assert.ThrowsAsync<TimeoutException>(() => _client.WaitAsync(new() { To = "nobody@", Timeout = TimeSpan.Zero }));
        Assert.Contains("nobody@", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_listens_hears_what_happens()
    {
        using CancellationTokenSource patience = new(Patience);
        await using IAsyncEnumerator<InboxEvent> events = _client.ListenAsync(cancellationToken: patience.Token).GetAsyncEnumerator(patience.Token);
        ValueTask<bool> next = events.MoveNextAsync();
        // It listens for certain when it hears something; what comes before that is no matter.
        string? id = null;
        while (!next.IsCompleted) id = await _client.SendAsync(new() { From = "a@b.test", To = ["c@d.test"] }, patience.Token);
        Assert.True(await next);
        Assert.Equal((InboxEventKind.Added, "a@b.test"), (events.Current.Kind, events.Current.Message!.Envelope.From));
        await _client.DeleteAllAsync(cancellationToken: patience.Token);
        while (events.Current.Kind is InboxEventKind.Added) Assert.True(await events.MoveNextAsync());
        Assert.Equal((InboxEventKind.Deleted, true), (events.Current.Kind, events.Current.IsAll));
        Assert.NotNull(id);
    }

    [Fact]
    public async Task Failures_are_set_and_read()
    {
        InboxFault full = new() { At = "Rcpt", Address = "full@*", Reply = "452 4.2.2 Full", Times = 2 };
        await _client.ReplaceFaultsAsync([full]);
        Assert.Equal(full, (await _client.GetFaultsAsync()).Single());
        await _client.ReplaceFaultsAsync([]);
        Assert.Empty(await _client.GetFaultsAsync());
    }

    [Fact]
    public async Task What_the_server_says_is_in_the_exception()
    {
        InboxApiException wrong = await Assert.ThrowsAsync<InboxApiException>(() => _client.SendAsync(new() { From = "a", To = ["b@c.test"] }));
        Assert.Equal((HttpStatusCode.BadRequest, "from: a is not an address"), (wrong.Status, wrong.Message));
        string id = (await _console.AddAsync(SignInFixture.Message())).Id;
        InboxApiException off = await Assert.ThrowsAsync<InboxApiException>(() => _client.ReleaseAsync(id));
        Assert.Equal(HttpStatusCode.Forbidden, off.Status);
        using InboxApiClient stranger = new(new Uri(_console.Url), new NetworkCredential("ann", "wrong"));
        InboxApiException unknown = await Assert.ThrowsAsync<InboxApiException>(() => stranger.ListAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.Status);
    }
}
