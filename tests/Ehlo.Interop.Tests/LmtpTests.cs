using System;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>Clients that speak LMTP (RFC 2033), against the program.</summary>
public sealed class LmtpTests(LmtpServer server) : IClassFixture<LmtpServer>
{
    // Python's client reads one reply to a message, so it may have one recipient.
    private const string Script = """
        import smtplib, sys
        with smtplib.LMTP(sys.argv[1], int(sys.argv[2]), "client.example") as client:
            refused = client.sendmail("a@client.example", ["refused@example.org", sys.argv[3]], "Subject: x\r\n\r\nbody\r\n")
            sys.exit(0 if list(refused) == ["refused@example.org"] else 1)
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Swaks_has_a_reply_for_each_recipient(bool isUnix)
    {
        string first = NewAddress(), second = NewAddress();
        using TempFolder folder = new();
        string[] where = isUnix ? ["--socket", server.LmtpSocket] : ["--server", "127.0.0.1", "--port", $"{server.LmtpPort}"];
        await ChildProgram.RunAsync("swaks", [.. where, .. Envelope(first, second), "--pipeline"], folder);
        StoredMessage message = await server.Inbox.WaitAsync(first);
        Assert.Equal([first, second], message.Envelope.To);
        Assert.Equal(new StoredHello("LHLO", "client.example"), message.Hello);
        // The field that a final delivery puts before the message names the protocol (RFC 3848 section 2).
        Assert.Contains(" with LMTP id ", await server.Inbox.TextAsync($"/api/v1/messages/{message.Id}/eml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Swaks_speaks_for_another_client()
    {
        string to = NewAddress();
        using TempFolder folder = new();
        await ChildProgram.RunAsync(
            "swaks",
            ["--server", "127.0.0.1", "--port", $"{server.LmtpPort}", .. Envelope(to),
                "--xclient-addr", "203.0.113.9", "--xclient-name", "other.example", "--xclient-login", "who"],
            folder);
        StoredMessage message = await server.Inbox.WaitAsync(to);
        Assert.Equal(("who", 2), (message.Identity, message.Session));
        string file = await server.Inbox.TextAsync($"/api/v1/messages/{message.Id}/eml");
        Assert.Contains("([203.0.113.9])", file, StringComparison.Ordinal);
        Assert.Contains(" with LMTPA id ", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Smtplib_delivers(bool isUnix)
    {
        string to = NewAddress();
        using TempFolder folder = new();
        string script = await folder.WriteAsync("lmtp.py", Encoding.UTF8.GetBytes(Script));
        string[] where = isUnix ? [server.LmtpSocket, "0"] : ["127.0.0.1", $"{server.LmtpPort}"];
        await ChildProgram.RunAsync("/usr/bin/python3", [script, .. where, to], folder);
        StoredMessage message = await server.Inbox.WaitAsync(to);
        Assert.Equal([to], message.Envelope.To);
        Assert.Equal("LHLO", message.Hello.Verb);
    }

    private static string NewAddress() => $"{Guid.NewGuid():N}@example.org";

    private static string[] Envelope(params string[] to) =>
        ["--protocol", "LMTP", "--helo", "client.example", "--from", "a@client.example", "--to", string.Join(',', to), "--timeout", "60s"];
}
