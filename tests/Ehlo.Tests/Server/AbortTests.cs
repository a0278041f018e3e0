using System;
using System.IO.Pipelines;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Connections that the server drops without another word.</summary>
public sealed class AbortTests
{
    [Theory]
    [InlineData("OnConnect", "")]
    [InlineData("OnHello", "220")]
    [InlineData("OnAuthenticate", "220 250")]
    [InlineData("OnMail", "220 250")]
    [InlineData("OnRcpt", "220 250 250")]
    [InlineData("OnData", "220 250 250 250")]
    public async Task What_was_answered_before_is_written_and_nothing_after(string method, string codes)
    {
        foreach (bool completesAtOnce in new[] { true, false })
        {
            await using TestServer server = NewServer();
            SmtpServerConnection? seen = null;
            server.Probe.Make = connection => seen = connection;
            TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
            server.Probe.On = async (called, _) =>
            {
                if (called != method) return null;
                if (!completesAtOnce) await heard.Task;
                seen!.Abort();
                return new Reply(421, "Never said");
            };
            TestClient client = server.Connect();
            // All in one piece: what comes behind is not answered either.
            await client.SendAsync(
                "EHLO client.example\r\n" + (method == "OnAuthenticate" ? "AUTH PLAIN AGEAYg==\r\n" : "")
                + "MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\nQUIT\r\n");
            if (!completesAtOnce)
            {
                // What has gathered is written before a method is waited for.
                foreach (string code in codes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) await client.ExpectAsync(code);
                heard.SetResult();
            }
            Assert.Equal(completesAtOnce ? codes : "", Codes(await client.RestAsync()));
            await client.Served.Within("the end of the connection");
            Assert.Equal("1:Dispose", server.Probe.Calls[^1]);
            Assert.Equal(method is "OnRcpt" or "OnData" ? "1:OnReset(Disconnected)" : $"1:{method}", server.Probe.Calls[^2]);
        }
    }

    [Fact]
    public async Task A_message_that_was_taken_is_not_answered()
    {
        await using TestServer server = NewServer();
        SmtpServerConnection? seen = null;
        server.Probe.Make = connection => seen = connection;
        server.Probe.Message = async (_, content, token) =>
        {
            Reply reply = await server.Probe.StoreAsync(content, token);
            seen!.Abort();
            return reply;
        };
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        await client.SendAsync("Hi\r\n.\r\nQUIT\r\n");
        Assert.Equal("", Codes(await client.RestAsync()));
        await client.Served.Within("the end of the connection");
        Assert.Single(server.Probe.Stored);
        Assert.Equal("1:OnReset(Disconnected)", server.Probe.Calls[^2]);
    }

    [Fact]
    public async Task A_transaction_that_ends_by_itself_is_not_answered_either()
    {
        await using TestServer server = NewServer();
        SmtpServerConnection? seen = null;
        server.Probe.Make = connection => seen = connection;
        server.Probe.Reset = (_, _) =>
        {
            seen!.Abort();
            return default;
        };
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("RSET\r\nNOOP\r\n");
        Assert.Equal("", Codes(await client.RestAsync()));
        await client.Served.Within("the end of the connection");
        Assert.Equal("1:OnReset(Rset)", server.Probe.Calls[^2]);
    }

    [Fact]
    public async Task It_may_come_from_another_thread_while_the_connection_is_idle_or_content_is_read()
    {
        await using TestServer server = NewServer();
        SmtpServerConnection? seen = null;
        server.Probe.Make = connection => seen = connection;
        server.Probe.Message = async (_, content, token) =>
        {
            ReadResult first = await content.ReadAsync(token);
            content.AdvanceTo(first.Buffer.End);
            ThreadPool.QueueUserWorkItem(_ => seen!.Abort());
            await content.ReadAsync(token);
            return Reply.Ok();
        };
        TestClient idle = await server.Connect().BeginAsync();
        seen!.Abort();
        seen.Abort();
        Assert.Equal("", Codes(await idle.RestAsync()));
        await idle.Served.Within("the end of the idle connection");
        seen.Abort();
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        await client.SendAsync("Hi\r\n");
        Assert.Equal("", Codes(await client.RestAsync()));
        await client.Served.Within("the end of the connection");
        Assert.Contains("2:aborted(Disconnected)", server.Probe.Calls);
        Assert.Empty(server.Observed.Failed);
    }

    [Fact]
    public async Task Under_TLS_there_is_no_close_notify()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        (listener.Tls, listener.Certificates) = (TlsMode.Implicit, TestCertificates.For("mx.example"));
        await using TestServer server = new() { Listener = listener };
        SmtpServerConnection? seen = null;
        server.Probe.Make = connection => seen = connection;
        TestClient client = server.Connect();
        await client.UpgradeAsync("mx.example");
        await client.BeginAsync();
        int written = client.Wire.Writes.Count;
        seen!.Abort();
        await client.Served.Within("the end of the connection");
        Assert.Equal(written, client.Wire.Writes.Count);
    }

    private static TestServer NewServer()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.AllowPlaintextAuthentication = true;
        return new() { Listener = listener, Probe = { Kinds = Ehlo.Sasl.AuthenticationKinds.Password } };
    }

    // The codes of the replies, in their order.
    private static string Codes(byte[] octets)
    {
        StringBuilder codes = new();
        foreach (string line in Encoding.Latin1.GetString(octets).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[3] == ' ') codes.Append(codes.Length > 0 ? " " : "").Append(line.AsSpan(0, 3));
        }
        return codes.ToString();
    }
}
