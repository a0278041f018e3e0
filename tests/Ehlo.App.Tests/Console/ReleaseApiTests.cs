using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Ehlo.App.Release;
using Ehlo.Client;
using Ehlo.Testing;
using Xunit;

namespace Ehlo.App.Tests.Console;

/// <summary>Messages that are sent on to a real server.</summary>
public sealed class ReleaseApiTests : IAsyncLifetime
{
    private TestSmtpServer _server = null!;
    private ReleasingConsole _console = null!;

    public async ValueTask InitializeAsync() => _server = await TestSmtpServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_console is not null) await _console.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_message_goes_to_its_recipients_with_a_trace_field_and_each_has_its_reply()
    {
        await StartAsync(new() { Server = Server(), AllowedRecipients = ["*@example.test"] });
        _server.Faults.Replace([Fault.AtRcpt("full@*").Reply("452 4.2.2 Mailbox full")]);
        string id = (await _console.AddAsync(ConsoleFixture.Message("x", "a@example.test", "bob@example.test", "full@example.test"))).Id;
        (int status, JsonElement answer) = await ReleaseAsync(id, null);
        Assert.Equal(200, status);
        Assert.Equal(
            ["bob@example.test True Content 250", "full@example.test False Rcpt 452"],
            answer.GetProperty("recipients").EnumerateArray().Select(result => string.Join(
                ' ',
                result.GetProperty("address").GetString(),
                result.GetProperty("accepted").GetBoolean(),
                result.GetProperty("step").GetString(),
                result.GetProperty("reply").GetString()![..3])));
        ReceivedMessage received = await _server.WaitForAsync();
        Assert.Equal("a@example.test", received.ReversePath.Address);
        const string Trace = "Received: from client.example ([192.0.2.7])\r\n\tby mx.example with ESMTP id ";
        Assert.StartsWith(Trace, received.ToText(), StringComparison.Ordinal);
        Assert.EndsWith("\r\nSubject: x\r\n\r\nbody\r\n", received.ToText(), StringComparison.Ordinal);
        Assert.Contains($"{id} released to <bob@example.test>, <full@example.test>", _console.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_recipients_may_be_asked_for_or_are_configured()
    {
        await StartAsync(new() { Server = Server(), AllowedRecipients = ["*@example.test", "ops@example.org"] });
        string id = (await _console.AddAsync(ConsoleFixture.Message())).Id;
        Assert.Equal(200, (await ReleaseAsync(id, """{"recipients":["ops@example.org"]}""")).Status);
        Assert.True((await _server.WaitForAsync()).IsFor("ops@example.org"));
        await _console.DisposeAsync();
        _server.Clear();
        await StartAsync(new()
        {
            Server = Server(),
            AllowedRecipients = ["me@example.net"],
            Recipients = [Mailbox.Parse("me@example.net")],
            ReturnPath = ReversePath.Null,
        });
        id = (await _console.AddAsync(ConsoleFixture.Message())).Id;
        Assert.Equal(200, (await ReleaseAsync(id, """{"recipients":["ops@example.org"]}""")).Status);
        ReceivedMessage received = await _server.WaitForAsync();
        Assert.Equal(("", "me@example.net"), (received.ReversePath.Address, received.Recipients.Single().Path.Address));
    }

    [Theory]
    [InlineData(422, "recipients: evil@example.org is none of Release.AllowedRecipients",
        """{"recipients":["bob@example.test","evil@example.org"]}""")]
    [InlineData(422, "recipients: a@b@c is not an address that can be sent to", """{"recipients":["a@b@c"]}""")]
    [InlineData(422, "recipients: there are none", """{"recipients":[]}""")]
    [InlineData(400, "recipient: unknown key", """{"recipient":["bob@example.test"]}""")]
    [InlineData(400, "The body: must be one JSON object", "[]")]
    public async Task What_is_not_allowed_sends_nothing(int status, string detail, string body)
    {
        await StartAsync(new() { Server = Server(), AllowedRecipients = ["*@example.test"] });
        string id = (await _console.AddAsync(ConsoleFixture.Message())).Id;
        (int actual, JsonElement answer) = await ReleaseAsync(id, body);
        Assert.Equal((status, detail), (actual, answer.GetProperty("detail").GetString()));
        Assert.Empty(_server.Connections);
    }

    [Fact]
    public async Task Without_configuration_or_without_being_named_nobody_releases()
    {
        await StartAsync(null);
        string id = (await _console.AddAsync(ConsoleFixture.Message())).Id;
        Assert.Equal(403, (await ReleaseAsync(id, null)).Status);
        await _console.DisposeAsync();
        await StartAsync(new() { Server = Server(), AllowedRecipients = ["*"], Users = new HashSet<string> { "ann" } });
        id = (await _console.AddAsync(ConsoleFixture.Message())).Id;
        Assert.Equal(403, (await ReleaseAsync(id, null)).Status);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_502()
    {
        SmtpDestination gone = Server();
        await _server.DisposeAsync();
        await StartAsync(new() { Server = gone, AllowedRecipients = ["*"] });
        string id = (await _console.AddAsync(ConsoleFixture.Message())).Id;
        Assert.Equal(502, (await ReleaseAsync(id, null)).Status);
        Assert.Equal(404, (await ReleaseAsync("0000000000000001", null)).Status);
    }

    private SmtpDestination Server() => SmtpDestination.Parse($"smtp://127.0.0.1:{_server.Port}");

    private async Task StartAsync(ReleaseOptions? options)
    {
        _console = new ReleasingConsole(options);
        await _console.InitializeAsync();
    }

    private async Task<(int Status, JsonElement Answer)> ReleaseAsync(string id, string? body)
    {
        using StringContent? content = body is null ? null : new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _console.Http.PostAsync(new Uri($"/api/v1/messages/{id}/release", UriKind.Relative), content);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private sealed class ReleasingConsole(ReleaseOptions? options) : ConsoleFixture
    {
        private MessageRelease? _release;

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (_release is not null) await _release.DisposeAsync();
        }

        private protected override ConsoleStart Change(ConsoleStart start)
        {
            _release = options is null ? null : new MessageRelease(options, start.Store, "mx.example", Output, start.Time);
            return start with { Release = _release };
        }
    }
}
