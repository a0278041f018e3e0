using System;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ehlo.Hosting.Tests;

/// <summary>Session classes, handlers and filters: who is made when, who is asked when, and when their services go.</summary>
public sealed class ScopeTests
{
    private static readonly string[] Message = ["MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "DATA", "x\r\n."];

    private static void Handler(SmtpServerBuilder builder)
    {
        builder.Services.AddSingleton<Journal>().AddScoped<Scoped>();
        builder.UseHandler<TestHandler>().AddFilter<FirstFilter>().AddFilter<SecondFilter>();
    }

    [Fact]
    public async Task A_session_class_has_a_scope_for_all_of_its_messages_which_is_disposed_after_it()
    {
        await using TestHost host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<Journal>().AddScoped<Scoped>();
            builder.UseSession<TestSession>();
        });
        Journal journal = host.Services.GetRequiredService<Journal>();
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        Assert.EndsWith("scope 1", await client.AskAsync(Message), StringComparison.Ordinal);
        Assert.EndsWith("scope 1", await client.AskAsync(["RSET", "EHLO again.example", .. Message]), StringComparison.Ordinal);
        TestClient other = await (await host.ConnectAsync()).BeginAsync();
        Assert.EndsWith("scope 2", await other.AskAsync(Message), StringComparison.Ordinal);
        Assert.Equal(0, journal.Disposed);
        await client.AskAsync("QUIT");
        await other.AskAsync("QUIT");
        await host.StopAsync();
        Assert.Equal((2, 2), (journal.Made, journal.Disposed));
        Assert.Equal("session disposed", journal.Lines.First());
    }

    [Fact]
    public async Task Where_the_constructor_of_a_session_class_throws_its_scope_is_disposed_once_and_the_client_is_told_421()
    {
        await using TestHost host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<Journal>().AddScoped<Scoped>();
            builder.UseSession<StillbornSession>();
        });
        Journal journal = host.Services.GetRequiredService<Journal>();
        TestClient client = await host.ConnectAsync();
        string reply = await client.ReplyAsync();
        Assert.StartsWith("421 ", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", reply, StringComparison.Ordinal);
        await client.ExpectEndAsync();
        await host.StopAsync();
        Assert.Equal(["dispose 1"], journal.Lines);
        Assert.Contains(host.Entries, entry => entry is { Id: 40, Level: LogLevel.Error });
    }

    [Theory]
    [InlineData("QUIT")]
    [InlineData("EHLO again.example")]
    [InlineData("RSET")]
    [InlineData(null)]
    public async Task However_a_transaction_ends_its_scope_is_disposed_once(string? end)
    {
        await using TestHost host = await TestHost.StartAsync(Handler);
        Journal journal = host.Services.GetRequiredService<Journal>();
        // In the midst of the content, where the handler was made and runs.
        TestClient client = await (await host.ConnectAsync()).BeginMailAsync();
        await client.SendAsync("BDAT 3\r\nx\r\n");
        await client.ExpectAsync("250");
        if (end is null) client.Lose();
        else await client.AskAsync(end);
        await host.StopAsync();
        Assert.Equal((1, 1), (journal.Made, journal.Disposed));
    }

    [Fact]
    public async Task A_handler_has_a_scope_for_each_transaction_which_is_disposed_when_it_has_ended()
    {
        await using TestHost host = await TestHost.StartAsync(Handler);
        Journal journal = host.Services.GetRequiredService<Journal>();
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        Assert.EndsWith("scope 1, of the transaction", await client.AskAsync(Message), StringComparison.Ordinal);
        Assert.Equal(1, journal.Disposed);
        Assert.EndsWith("scope 2, of the transaction", await client.AskAsync(Message), StringComparison.Ordinal);
        Assert.Equal(2, journal.Disposed);
    }

    [Fact]
    public async Task Filters_are_asked_in_their_order_and_the_first_reply_decides()
    {
        await using TestHost host = await TestHost.StartAsync(Handler);
        Journal journal = host.Services.GetRequiredService<Journal>();
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        Assert.StartsWith("550 second", await client.AskAsync("EHLO refused-by-second.example"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.1 first", await client.AskAsync("MAIL FROM:<first@x.example>"), StringComparison.Ordinal);
        await client.AskAsync("MAIL FROM:<a@x.example>");
        Assert.EndsWith("first takes it", await client.AskAsync("RCPT TO:<first@x.example>"), StringComparison.Ordinal);
        await client.AskAsync("RCPT TO:<b@x.example>");
        Assert.StartsWith("550 5.7.1 first", await client.AskAsync("DATA"), StringComparison.Ordinal);
        Assert.Equal(
            ["first connect", "second connect", "first hello", "second hello", "first hello", "second hello", "first mail", "first mail",
                "second mail", "first rcpt", "first rcpt", "second rcpt", "first data"],
            journal.Lines);
    }

    [Fact]
    public async Task A_message_in_chunks_passes_the_data_filters_too()
    {
        await using TestHost host = await TestHost.StartAsync(Handler);
        Journal journal = host.Services.GetRequiredService<Journal>();
        TestClient client = await (await host.ConnectAsync()).BeginMailAsync("RCPT TO:<c@mx.example>");
        await client.SendAsync("BDAT 3 LAST\r\nx\r\n");
        await client.ExpectAsync("550 5.7.1 first");
        Assert.Equal("first data", journal.Lines.Last());
        Assert.Equal(0, journal.Made);
    }

    [Fact]
    public async Task Authenticators_are_asked_in_their_order()
    {
        await using TestHost host = await TestHost.StartAsync(
            builder =>
            {
                Handler(builder);
                builder.AddAuthenticator<OnlyApp>().AddAuthenticator<AnybodyElse>();
            },
            ("Listeners:0:AllowPlaintextAuthentication", "true"), ("Limits:AuthenticationFailureDelay", "00:00:00"));
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        Assert.StartsWith("535 ", await client.AskAsync($"AUTH PLAIN {Plain("app", "wrong")}"), StringComparison.Ordinal);
        Assert.StartsWith("235 ", await client.AskAsync($"AUTH PLAIN {Plain("app", "right")}"), StringComparison.Ordinal);
        TestClient other = await (await host.ConnectAsync()).BeginAsync();
        Assert.StartsWith("235 ", await other.AskAsync($"AUTH PLAIN {Plain("guest", "any")}"), StringComparison.Ordinal);
        Assert.Contains(host.Entries, entry => entry.Id == 21 && entry.Text.Contains("login of app by PLAIN", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Entries, entry => entry.Text.Contains("wrong", StringComparison.Ordinal));
    }

    private static string Plain(string name, string password) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"\0{name}\0{password}"));
}
