using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Tests.Inbox;
using Ehlo.App.Webhooks;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Ehlo.App.Tests.Webhooks;

/// <summary>Hooks over real HTTP, with time that does not wait.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(77);
    private static readonly byte[] Secret = "a secret of thirty-two octets!!!"u8.ToArray();

    private readonly TestInbox _inbox = TestInbox.Create();
    private readonly SkippingTime _time = new(Timeout);
    private readonly StringWriter _error = new();
    private HookServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await HookServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _inbox.DisposeAsync();
        await _error.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_told_with_a_signature_over_its_id_the_time_and_the_body()
    {
        await _inbox.AddAsync("of before");
        await using WebhookService service = await StartAsync();
        StoredMessage message = await _inbox.AddAsync("Hello");
        HookRequest request = await _server.NextAsync();
        Assert.Equal("/hook", request.Path);
        JsonElement body = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal(("added", message.Id, "Hello"),
            (body.GetProperty("event").GetString(), body.GetProperty("message").GetProperty("id").GetString(),
            body.GetProperty("message").GetProperty("subject").GetString()));
        Assert.Equal((message.Id, "1", "application/json"),
            (request.Headers["webhook-id"], request.Headers["ehlo-attempt"], request.Headers["Content-Type"]));
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{message.Id}.{request.Headers["webhook-timestamp"]}."), .. request.Body];
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Secret, signed)), request.Headers["webhook-signature"]);
    }

    [Fact]
    public void The_signature_is_that_of_Standard_Webhooks()
    {
        // The example of its specification.
        byte[] secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Of(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8));
    }

    [Fact]
    public async Task What_fails_is_sent_again_after_waits_that_grow_and_the_next_one_waits_its_turn()
    {
        _server.Answer = (number, http) =>
        {
            http.Response.StatusCode = number < 4 ? 503 : 204;
            return Task.CompletedTask;
        };
        await using WebhookService service = await StartAsync();
        StoredMessage first = await _inbox.AddAsync("first");
        StoredMessage second = await _inbox.AddAsync("second");
        List<string> told = [];
        for (int i = 0; i < 6; i++) told.Add((await _server.NextAsync()).Headers["webhook-id"]);
        Assert.Equal([first.Id, first.Id, first.Id, first.Id, first.Id, second.Id], told);
        TimeSpan[] waits = [.. _time.Waits.Take(4)];
        double[] wanted = [1, 5, 30, 120];
        for (int i = 0; i < 4; i++) Assert.InRange(waits[i].TotalSeconds, wanted[i] * 0.8, wanted[i] * 1.2);
    }

    [Fact]
    public async Task What_a_hook_asks_for_in_Retry_After_is_waited_for_up_to_an_hour()
    {
        _server.Answer = (number, http) =>
        {
            http.Response.StatusCode = number < 2 ? 429 : 200;
            http.Response.Headers.RetryAfter = number == 0 ? "100" : "999999";
            return Task.CompletedTask;
        };
        await using WebhookService service = await StartAsync();
        await _inbox.AddAsync("one");
        for (int i = 0; i < 3; i++) await _server.NextAsync();
        Assert.Equal([100, 3600], _time.Waits.Take(2).Select(wait => wait.TotalSeconds));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(410)]
    [InlineData(302)]
    public async Task What_is_refused_for_good_is_given_up_and_a_redirect_is_not_followed(int status)
    {
        _server.Answer = (number, http) =>
        {
            http.Response.StatusCode = number == 0 ? status : 200;
            http.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        await using WebhookService service = await StartAsync();
        StoredMessage refused = await _inbox.AddAsync("refused");
        StoredMessage taken = await _inbox.AddAsync("taken");
        Assert.Equal(("/hook", refused.Id), ((await _server.NextAsync()) is var one ? (one.Path, one.Headers["webhook-id"]) : default));
        Assert.Equal(("/hook", taken.Id), ((await _server.NextAsync()) is var two ? (two.Path, two.Headers["webhook-id"]) : default));
        string said = $"webhook test: {refused.Id} is given up after 1 attempts: the answer is {status}";
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_time_for_it_a_message_is_given_up()
    {
        _server.Answer = (_, http) =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using WebhookService service = await StartAsync(options => options with { GiveUpAfter = TimeSpan.FromSeconds(60) });
        await _inbox.AddAsync("one");
        // 1 + 5 + 30 seconds have passed by then, more or less a fifth, and two minutes more would be too many.
        for (int i = 0; i < 4; i++) await _server.NextAsync();
        await _inbox.AddAsync("two");
        HookRequest next = await _server.NextAsync();
        Assert.Equal("1", next.Headers["ehlo-attempt"]);
        WebhookAttempt[] attempts = [.. service.Hooks.Single().Hook.Log.Attempts];
        Assert.Contains(attempts, attempt => attempt is { Attempt: 4, Outcome: WebhookOutcome.Failed, Status: 500 });
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_where_it_was()
    {
        await using (WebhookService service = await StartAsync())
        {
            await _inbox.AddAsync("one");
            await _server.NextAsync();
        }
        StoredMessage missed = await _inbox.AddAsync("while it was away");
        await using (WebhookService service = await StartAsync())
        {
            // The first may come twice: it may not have been noted as done when the service stopped.
            HookRequest next = await _server.NextAsync();
            if (next.Headers["webhook-id"] != missed.Id) next = await _server.NextAsync();
            Assert.Equal(missed.Id, next.Headers["webhook-id"]);
        }
        await using (WebhookService service = await StartAsync())
        {
            StoredMessage last = await _inbox.AddAsync("last");
            HookRequest next = await _server.NextAsync();
            if (next.Headers["webhook-id"] != last.Id) next = await _server.NextAsync();
            Assert.Equal(last.Id, next.Headers["webhook-id"]);
        }
    }

    [Fact]
    public async Task Only_what_matches_is_told()
    {
        await using WebhookService service = await StartAsync(options => options with
        {
            Filter = new MessageFilter(null, null, "invoice") { Mailboxes = MailboxName.SetOf("billing") },
        });
        await AddAsync("Invoice 1", "other");
        await AddAsync("Letter", "billing");
        StoredMessage wanted = await AddAsync("Invoice 2", "billing");
        Assert.Equal(wanted.Id, (await _server.NextAsync()).Headers["webhook-id"]);
    }

    [Fact]
    public void A_position_that_is_none_is_refused()
    {
        File.WriteAllText(Path.Combine(_inbox.Folder, "webhook-test.position"), "rubbish");
        Assert.Throws<InboxException>(() => new Following.FollowerPosition(_inbox.Folder, "webhook-test"));
    }

    private async Task<WebhookService> StartAsync(Func<WebhookOptions, WebhookOptions>? change = null)
    {
        WebhookOptions options = new() { Name = "test", Url = _server.Url, Secret = Secret, Timeout = Timeout };
        WebhookService service = new([change?.Invoke(options) ?? options], _inbox.Store, _inbox.Folder, _time, text =>
        {
            lock (_error) _error.WriteLine(text);
        });
        // It follows what comes from now on.
        await service.Following;
        return service;
    }

    private async Task<StoredMessage> AddAsync(string subject, string mailbox)
    {
        using ContentWriter content = _inbox.Store.BeginContent();
        content.Append("x\r\n"u8);
        return await _inbox.Store.AddAsync(TestInbox.Message(subject) with { Mailbox = mailbox }, content, default);
    }
}
