using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Testing.Tests;

/// <summary>Peers that keep to a script, and notice who does not.</summary>
public sealed class ScriptedPeerTests
{
    [Fact]
    public async Task A_server_by_script_says_its_lines_and_hears_the_others()
    {
        await using ScriptedPeer peer = ScriptedPeer.Listen("""
            # The greeting comes in two pieces, and the reply to EHLO ends with a bare LF.
            S| 220 mx.exa
            S| mple\r\n
            C: EHLO *

            S| 250 mx.example\n
            C: QUIT
            """);
        using TcpClient socket = await DialAsync(peer);
        TestClient client = new(socket.GetStream());
        await client.ExpectAsync("220 mx.example");
        Assert.Equal("250 mx.example", await client.AskAsync("EHLO client.example"));
        await client.SendAsync("QUIT\r\n");
        await peer.Completion.Within("the end of the script");
        await client.ExpectEndAsync();
    }

    [Theory]
    [InlineData("HELO client.example\r\n", "\"HELO client.example\\r\\n\" came")]
    [InlineData("ehlo client.example\r\n", "\"ehlo client.example\\r\\n\" came")]
    [InlineData("EHLO client.example\n", "\"EHLO client.example\\n\" came")]
    [InlineData("", "the connection was closed")]
    public async Task Who_says_something_else_is_told_of_with_the_line(string said, string what)
    {
        await using ScriptedPeer peer = ScriptedPeer.Listen("S: 220 mx.example\nC: EHLO *\nS: 250 mx.example");
        using TcpClient socket = await DialAsync(peer);
        TestClient client = new(socket.GetStream());
        await client.SendAsync(said);
        if (said.Length == 0) socket.Client.Shutdown(SocketShutdown.Send);
        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(() => peer.Completion.Within("the end"));
        Assert.Equal($"Line 2 of the script expects \"C: EHLO *\", and {what}.", exception.Message);
    }

    [Fact]
    public async Task A_client_by_script_tests_a_server()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { NotOffered = { "PIPELINING" } });
        using TcpClient socket = new();
        await socket.ConnectAsync(server.Endpoint).Within("the connection");
        const string Script = """
            S: 220 localhost *
            C: HELO client.example
            S: 250 localhost*
            C: MAIL FROM:<a@client.example>
            S: 250 2.1.0 *
            C: RCPT TO:<b@mx.example>
            S: 250 2.1.5 *
            C: DATA
            S: 354 *
            C| Hi\r
            C| \n.\r\n
            S: 250 2.6.0 *
            """;
        await ScriptedPeer.PlayClientAsync(socket.GetStream(), Script, TestContext.Current.CancellationToken).Within("the end of the script");
        Assert.Equal("Hi\r\n", Assert.Single(server.Messages).ToText());
    }

    [Fact]
    public async Task A_script_that_is_none_is_told_of_and_one_that_nobody_plays_ends_when_it_is_disposed()
    {
        await Assert.ThrowsAsync<FormatException>(() => ScriptedPeer.PlayServerAsync(
            Stream.Null, "220 mx.example", TestContext.Current.CancellationToken));
        ScriptedPeer peer = ScriptedPeer.Listen("C: EHLO *");
        await peer.DisposeAsync().Within("the end");
        await Assert.ThrowsAsync<TimeoutException>(() => peer.Completion);
    }

    private static async Task<TcpClient> DialAsync(ScriptedPeer peer)
    {
        TcpClient socket = new();
        await socket.ConnectAsync(peer.Endpoint).Within("the connection");
        return socket;
    }
}
