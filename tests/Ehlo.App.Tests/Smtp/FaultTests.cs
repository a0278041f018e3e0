using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.Testing;
using Xunit;

namespace Ehlo.App.Tests.Smtp;

/// <summary>The program with faults.</summary>
public sealed class FaultTests
{
    private static readonly string[] Message =
        ["EHLO client.example", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "RCPT TO:<c@mx.example>", "DATA",
            "Subject: x\r\n\r\nHi\r\n."];

    [Fact]
    public async Task A_configured_fault_takes_place_and_stands_in_the_messages_dialogue()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(
            ("Listeners__0__Endpoint", "127.0.0.1:0"), ("Faults__0__At", "Rcpt"), ("Faults__0__Address", "c@*"),
            ("Faults__0__Reply", "452 4.2.2 Full"));
        string[] replies = await program.TalkAsync(0, Message);
        Assert.Equal(["220", "250", "250", "250", "452", "354", "250"], replies.Select(reply => reply[..3]));
        StoredMessage message = program.Store.Find(program.Store.List(2, null).Single().Id)!;
        Assert.Equal(["b@mx.example"], message.To);
        string[] lines = [.. message.Dialogue!.Select(line => line.Line)];
        int note = Array.IndexOf(lines, "[fault at Rcpt for <c@*>: 452 4.2.2 Full]");
        Assert.Equal(("RCPT TO:<c@mx.example>", "452 4.2.2 Full"), (lines[note - 1], lines[note + 1]));
    }

    [Fact]
    public async Task What_a_fault_refuses_is_not_kept_but_where_it_says_so()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(("Listeners__0__Endpoint", "127.0.0.1:0"));
        program.Faults.Add(Fault.AtMessage().Reply("451 4.3.0 No").Once());
        Assert.Equal("451 4.3.0 No", (await program.TalkAsync(0, Message))[^1]);
        Assert.Empty(program.Store.List(1, null));
        program.Faults.Replace([Fault.AtMessage().Keep().Disconnect()]);
        await Assert.ThrowsAnyAsync<IOException>(() => program.TalkAsync(0, Message));
        Assert.Single(program.Store.List(2, null));
    }

    [Fact]
    public async Task A_refused_hello_or_MAIL_leaves_the_dialogue_of_the_next_message_whole()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(("Listeners__0__Endpoint", "127.0.0.1:0"));
        program.Faults.Add(Fault.AtHello("other.example").Reply("550 Go away"));
        program.Faults.Add(Fault.AtMail("bad@*").Reply("450 4.0.0 Not from there"));
        string[] replies = await program.TalkAsync(
            0, ["EHLO client.example", "EHLO other.example", "MAIL FROM:<bad@client.example>", .. Message[1..]]);
        Assert.Equal(["220", "250", "550", "450", "250", "250", "250", "354", "250"], replies.Select(reply => reply[..3]));
        string[] lines = [.. program.Store.Find(program.Store.List(2, null).Single().Id)!.Dialogue!.Select(line => line.Line)];
        Assert.Contains("EHLO client.example", lines);
        Assert.DoesNotContain("EHLO other.example", lines);
        Assert.DoesNotContain("MAIL FROM:<bad@client.example>", lines);
        Assert.Contains("MAIL FROM:<a@client.example>", lines);
    }

    [Fact]
    public async Task A_fault_may_stand_in_the_place_of_a_login()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(("Listeners__0__Endpoint", "127.0.0.1:0"));
        program.Faults.Add(Fault.AtAuth("ann").Reply("454 4.7.0 Later").Once());
        string[] replies = await program.TalkAsync(0, "EHLO client.example", "AUTH PLAIN AGFubgB4", "AUTH PLAIN AGFubgB4");
        Assert.Equal(["454 4.7.0 Later", "235"], [replies[2], replies[3][..3]]);
    }
}
