using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>XCLIENT and XFORWARD: what is replaced, what is forgotten and what stands.</summary>
public sealed class XClientTests
{
    private static readonly IPEndPoint Peer = new(IPAddress.Parse("192.0.2.1"), 40000);

    [Fact]
    public async Task It_replaces_the_object_and_the_facts_and_nothing_else()
    {
        List<SmtpServerConnection> made = [];
        await using TestServer server = NewServer();
        server.Probe.Make = connection =>
        {
            made.Add(connection);
            connection.Items["made"] = made.Count;
        };
        TestClient client = await Connect(server).BeginAsync();
        await client.ExpectReplyAsync("XCLIENT ADDR=203.0.113.9 PORT=1234 NAME=client.example LOGIN=who DESTADDR=IPV6:2001:db8::1", "220 ");
        SmtpServerConnection connection = made[0];
        Assert.Equal(["1:OnConnect", "1:OnHello", "1:Dispose", "2:OnConnect"], server.Probe.Calls);
        Assert.Same(connection, made[1]);
        Assert.Equal((2, 2), (connection.SessionNumber, connection.Items["made"]));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("203.0.113.9"), 1234), connection.RemoteEndPoint);
        Assert.Equal(new IPEndPoint(IPAddress.Parse("2001:db8::1"), 0), connection.LocalEndPoint);
        Assert.Equal(Peer, connection.PeerEndPoint);
        Assert.Equal(("client.example", "who"), (connection.Client!.Name, connection.Client.Login));
        Assert.Equal("who", connection.Protocol.Identity!.Name);
        Assert.Null(connection.Protocol.Hello);
        // The next adds to the facts and takes the identity away; the peer is trusted still, whomever it spoke for.
        await client.ExpectReplyAsync("XCLIENT PORT=[UNAVAILABLE] NAME=[TEMPUNAVAIL]", "220 ");
        Assert.Equal(new IPEndPoint(IPAddress.Parse("203.0.113.9"), 0), connection.RemoteEndPoint);
        Assert.Equal((null, null, null), (connection.Client.Name, connection.Client.Login, connection.Protocol.Identity));
        Assert.Equal("[TEMPUNAVAIL]", connection.Client.Attributes["NAME"]);
        await client.ExpectReplyAsync("XCLIENT ADDR=[UNAVAILABLE]", "220 ");
        Assert.Null(connection.RemoteEndPoint);
        Assert.Equal(Peer, connection.PeerEndPoint);
    }

    [Fact]
    public async Task The_new_client_may_be_turned_away()
    {
        await using TestServer server = NewServer();
        server.Probe.On = (method, _) => new(method == "OnConnect" && server.Probe.Calls.Length > 1 ? new Reply(554, "Not you") : (Reply?)null);
        TestClient client = await Connect(server).BeginAsync();
        await client.ExpectReplyAsync("XCLIENT ADDR=203.0.113.9", "554 mx.example Not you");
        await client.ExpectReplyAsync("XCLIENT ADDR=203.0.113.9", "503 ");
        await client.ExpectReplyAsync("QUIT", "221 ");
    }

    [Fact]
    public async Task A_factory_that_throws_is_421_and_the_old_object_is_disposed_once()
    {
        await using TestServer server = NewServer();
        server.Probe.Make = connection =>
        {
            if (connection.Client is not null) throw new InvalidOperationException("No second object.");
        };
        TestClient client = await Connect(server).BeginAsync();
        await client.ExpectReplyAsync("XCLIENT ADDR=203.0.113.9", "421 ");
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:OnConnect", "1:OnHello", "1:Dispose"], server.Probe.Calls);
    }

    [Fact]
    public async Task What_the_factory_puts_into_the_execution_context_stays()
    {
        AsyncLocal<string> mark = new();
        await using TestServer server = NewServer();
        server.Probe.Make = connection => mark.Value = $"object {connection.SessionNumber}";
        server.Probe.On = (method, _) => new(method == "OnMail" ? Reply.Ok(mark.Value ?? "lost") : (Reply?)null);
        TestClient client = await Connect(server).BeginAsync();
        await client.ExpectReplyAsync("MAIL FROM:<a@client.example>", "250 2.1.0 object 1");
        await client.ExpectReplyAsync("RSET", "250 ");
        await client.ExpectReplyAsync("XCLIENT NAME=client.example", "220 ");
        await client.ExpectReplyAsync("EHLO client.example", "250");
        await client.ExpectReplyAsync("MAIL FROM:<a@client.example>", "250 2.1.0 object 2");
    }

    [Fact]
    public async Task Counters_stand()
    {
        await using TestServer server = NewServer(new() { MaxErrors = 3 });
        TestClient client = await Connect(server).BeginAsync();
        await client.ExpectReplyAsync("FOO", "500 ");
        await client.ExpectReplyAsync("XCLIENT ADDR=203.0.113.9", "220 ");
        await client.ExpectReplyAsync("FOO", "500 ");
        await client.ExpectReplyAsync("XCLIENT ADDR=203.0.113.10", "220 ");
        await client.ExpectReplyAsync("FOO", "421 4.7.0 Too many errors");
    }

    [Fact]
    public async Task XFORWARD_is_for_the_next_transaction_alone()
    {
        List<ForwardedClient?> forwarded = [];
        await using TestServer server = NewServer();
        server.Probe.Message = async (transaction, content, token) =>
        {
            forwarded.Add(transaction.Forwarded);
            await Probe.ReadAllAsync(content, token);
            return Reply.Ok();
        };
        TestClient client = await Connect(server).BeginAsync();
        await client.ExpectReplyAsync("XFORWARD NAME=origin.example ADDR=203.0.113.9 PORT=99 PROTO=UUCP", "250 ");
        await client.ExpectReplyAsync("XFORWARD HELO=a+20b IDENT=12345 SOURCE=local NAME=[UNAVAILABLE]", "250 ");
        await DeliverAsync(client);
        await DeliverAsync(client);
        foreach (string end in new[] { "RSET", "EHLO client.example", "XCLIENT NAME=x" })
        {
            await client.ExpectReplyAsync("XFORWARD IDENT=1", "250");
            await client.AskAsync(end);
            if (end.StartsWith('X')) await client.AskAsync("EHLO client.example");
            await DeliverAsync(client);
        }
        ForwardedClient first = forwarded[0]!;
        Assert.Equal((null, "a b", "12345", "LOCAL", "UUCP"), (first.Name, first.HelloName, first.Identifier, first.Source, first.Protocol));
        Assert.Equal((IPAddress.Parse("203.0.113.9"), 99), (first.Address, first.Port));
        Assert.Equal([null, null, null, null], forwarded[1..]);
    }

    [Fact]
    public async Task A_peer_is_counted_by_its_own_address()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.XClient = [IPNetwork.Parse("127.0.0.0/8")];
        await using TestServer server = new() { Listener = listener, Time = TimeProvider.System, Limits = new() { MaxConnectionsPerAddress = 1 } };
        server.Start();
        for (int i = 0; i < 2; i++)
        {
            TestClient client = await (await server.DialAsync()).BeginAsync();
            await client.ExpectReplyAsync("XCLIENT ADDR=203.0.113.9", "220 ");
            await client.ExpectReplyAsync("QUIT", "221 ");
            await client.RestAsync();
            while (server.Server.ConnectionCount > 0) await Task.Yield();
        }
    }

    // The column of XCLIENT in the table of docs/sessions.md, on the session alone: in every state that reads commands.
    [Theory]
    [InlineData("", "220")]
    [InlineData("EHLO c.example\r\n", "220")]
    [InlineData("HELO c.example\r\n", "220")]
    [InlineData("EHLO c.example\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\n", "220")]
    [InlineData("EHLO c.example\r\nMAIL FROM:<a@c.example>\r\nRSET\r\n", "220")]
    [InlineData("EHLO c.example\r\nMAIL FROM:<a@c.example>\r\n", "503")]
    [InlineData("EHLO c.example\r\nMAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\n", "503")]
    [InlineData("EHLO c.example\r\nMAIL FROM:<a@c.example>\r\nRCPT TO:<b@mx.example>\r\nBDAT 0\r\n", "503")]
    public void It_is_refused_in_a_transaction_alone(string before, string code)
    {
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, 0))
        {
            AllowPlaintextAuthentication = true,
            XClient = [IPNetwork.Parse("192.0.2.0/24")],
        };
        _ = new SmtpServer(new() { ServerName = "mx.example", Listeners = { listener } }, _ => throw new InvalidOperationException());
        SessionScript script = new();
        SessionHarness harness = new(listener.SessionOptions, script, isTrustedPeer: true);
        harness.Feed(Encoding.ASCII.GetBytes(before));
        (Hello? hello, AuthenticatedIdentity? identity, MailTransaction? transaction) =
            (harness.Session.Hello, harness.Session.Identity, harness.Session.Transaction);
        harness.Output.Clear();
        harness.Feed("XCLIENT ADDR=203.0.113.9\r\n"u8);
        Assert.StartsWith(code, Encoding.ASCII.GetString(harness.Output.WrittenSpan), StringComparison.Ordinal);
        if (code == "220") (hello, identity) = (null, null);
        Assert.Same(hello, harness.Session.Hello);
        Assert.Same(identity, harness.Session.Identity);
        Assert.Same(transaction, harness.Session.Transaction);
        Assert.Equal(code == "220", harness.Session.InForce == ExtensionSet.None);
        Assert.Equal(code == "220", harness.Session.Client is not null);
    }

    private static async Task DeliverAsync(TestClient client)
    {
        await client.AskAsync("MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "DATA");
        await client.ExpectReplyAsync("body\r\n.", "250 ");
    }

    private static TestServer NewServer(SmtpLimits? limits = null) => new()
    {
        Listener = new(new IPEndPoint(IPAddress.Loopback, 0)) { XClient = [IPNetwork.Parse("192.0.2.0/24")] },
        Limits = limits ?? new(),
    };

    private static TestClient Connect(TestServer server) => server.Connect(peer: Peer);
}
