using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Testing.Tests;

/// <summary>Each step of a session with each thing that can go wrong there.</summary>
public sealed class FaultTests
{
    private const string Login = "AUTH PLAIN AGFubgB4"; // ann, x

    // Each step with the commands that lead there, the last of which meets the fault.
    private static readonly Dictionary<FaultStep, string[]> Ways = new()
    {
        [FaultStep.Connect] = [],
        [FaultStep.Hello] = ["EHLO client.example"],
        [FaultStep.StartTls] = ["EHLO client.example", "STARTTLS"],
        [FaultStep.Auth] = ["EHLO client.example", Login],
        [FaultStep.Mail] = ["EHLO client.example", "MAIL FROM:<a@client.example>"],
        [FaultStep.Rcpt] = ["EHLO client.example", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>"],
        [FaultStep.Data] = ["EHLO client.example", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "DATA"],
        [FaultStep.Message] = ["EHLO client.example", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "DATA", "Hi\r\n."],
    };

    public static TheoryData<FaultStep> Steps => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_reply_stands_in_the_place_of_the_steps_own_and_the_session_goes_on(FaultStep step)
    {
        await using TestSmtpServer server = await StartAsync(step);
        Fault fault = Fault.At(step).Reply(step is FaultStep.Connect ? "554 5.3.2 Not now" : "454 4.3.2 Not now").Once();
        server.Faults.Add(fault);
        TestClient client = await server.DialAsync();
        Assert.Equal(step is FaultStep.Connect ? "554 localhost Not now" : step is FaultStep.Hello ? "454 Not now" : "454 4.3.2 Not now",
            await ReachAsync(client, step));
        Assert.Equal(1, server.Faults.CountOf(fault));
        if (step is FaultStep.Connect)
        {
            Assert.StartsWith("221 ", await client.AskAsync("QUIT"), StringComparison.Ordinal);
            return;
        }
        // The second time it is over.
        if (step is FaultStep.Message) await client.AskAsync("MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "DATA");
        Assert.Matches("^[23]", await client.AskAsync(Ways[step][^1]));
        Assert.Equal(step is FaultStep.Message ? 1 : 0, server.Messages.Count);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_disconnect_says_nothing_more(FaultStep step)
    {
        await using TestSmtpServer server = await StartAsync(step);
        server.Faults.Add(Fault.At(step).Disconnect());
        TestClient client = await server.DialAsync();
        string[] way = Ways[step];
        if (way.Length > 0) await client.ExpectAsync("220 ");
        if (way.Length > 1) await client.AskAsync(way[..^1]);
        // What comes behind it is not answered either.
        if (way.Length > 0) await client.SendAsync($"{way[^1]}\r\n{(step is FaultStep.StartTls ? "" : "QUIT\r\n")}");
        Assert.Empty(await client.RestAsync());
        Assert.Empty(server.Messages);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_delay_holds_the_step_up_by_the_servers_clock(FaultStep step)
    {
        TestClock clock = new();
        await using TestSmtpServer server = await StartAsync(step, clock);
        server.Faults.Add(Fault.At(step).Delay(TimeSpan.FromSeconds(7)));
        TestClient client = await server.DialAsync();
        Task<string> reply = ReachAsync(client, step);
        await clock.WhenSetAsync(TimeSpan.FromSeconds(7));
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(reply.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Matches("^[23]", await reply);
        Assert.Equal(step is FaultStep.Message ? 1 : 0, server.Messages.Count);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_delay_may_stand_before_a_reply_or_a_disconnect(FaultStep step)
    {
        TestClock clock = new();
        await using TestSmtpServer server = await StartAsync(step, clock);
        server.Faults.Add(Fault.At(step).Delay(TimeSpan.FromSeconds(7)).Reply("421 Gone").Once());
        server.Faults.Add(Fault.At(step).Delay(TimeSpan.FromSeconds(8)).Disconnect());
        Task<string> reply = ReachAsync(await server.DialAsync(), step);
        await clock.PassAsync(TimeSpan.FromSeconds(7));
        Assert.StartsWith("421 ", await reply, StringComparison.Ordinal);
        TestClient client = await server.DialAsync();
        reply = ReachAsync(client, step);
        await clock.PassAsync(TimeSpan.FromSeconds(8));
        await Assert.ThrowsAnyAsync<System.IO.IOException>(() => reply);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task A_wait_ends_with_the_server()
    {
        TestClock clock = new();
        TestSmtpServer server = await StartAsync(FaultStep.Mail, clock);
        server.Faults.Add(Fault.AtMail().Delay(TimeSpan.FromHours(1)));
        TestClient client = await server.DialAsync();
        Task<string> reply = ReachAsync(client, FaultStep.Mail);
        await clock.WhenSetAsync(TimeSpan.FromHours(1));
        await server.DisposeAsync().Within("the end of the server");
        await Assert.ThrowsAnyAsync<System.IO.IOException>(() => reply);
        Assert.DoesNotContain(server.Connections[0].Dialogue, line => line.Contains("OnMailAsync", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TlsMode.StartTls)]
    [InlineData(TlsMode.Implicit)]
    public async Task A_handshake_fails_with_an_alert(TlsMode mode)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { Tls = mode });
        Fault fault = Fault.AtStartTls().FailTls().Once();
        server.Faults.Add(fault);
        TestClient client = await server.DialAsync();
        if (mode is TlsMode.StartTls) await client.BeginAsync("STARTTLS");
        await Assert.ThrowsAnyAsync<Exception>(() => client.UpgradeAsync());
        TestClient second = await server.DialAsync();
        if (mode is TlsMode.StartTls) await second.BeginAsync("STARTTLS");
        await second.UpgradeAsync();
        if (mode is TlsMode.Implicit) await second.ExpectAsync("220 ");
        Assert.Equal(1, server.Faults.CountOf(fault));
        Assert.Contains(server.Connections[0].Dialogue, line => line.StartsWith("(the TLS handshake failed:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_implicit_handshake_can_be_slow_or_dropped_and_not_be_answered()
    {
        TestClock clock = new();
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { Tls = TlsMode.Implicit, TimeProvider = clock });
        server.Faults.Add(Fault.AtStartTls().Reply("454 4.7.0 Never said"));
        server.Faults.Add(Fault.AtStartTls().Delay(TimeSpan.FromSeconds(7)).Once());
        server.Faults.Add(Fault.AtStartTls().Disconnect());
        TestClient client = await server.DialAsync();
        Task upgrade = client.UpgradeAsync();
        await clock.PassAsync(TimeSpan.FromSeconds(7));
        await upgrade;
        await client.ExpectAsync("220 ");
        Assert.Empty(await (await server.DialAsync()).RestAsync());
    }

    // The server of a step, and of STARTTLS where that is the step.
    private static Task<TestSmtpServer> StartAsync(FaultStep step, TimeProvider? time = null) => TestSmtpServer.StartAsync(new()
    {
        Tls = step is FaultStep.StartTls ? TlsMode.StartTls : TlsMode.None,
        TimeProvider = time ?? TimeProvider.System,
    });

    private static async Task<string> ReachAsync(TestClient client, FaultStep step)
    {
        string reply = await client.ReplyAsync();
        return Ways[step].Length == 0 ? reply : await client.AskAsync(Ways[step]);
    }
}
