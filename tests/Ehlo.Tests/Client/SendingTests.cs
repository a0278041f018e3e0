using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>What else is promised of sending: rates, sockets that do not wait, secrets that are not told, REQUIRETLS.</summary>
public sealed class SendingTests
{
    [Fact]
    public async Task A_rate_lets_the_first_through_at_once_and_the_others_each_at_its_time()
    {
        TestClock clock = new();
        RateGate gate = new(4, clock);
        await gate.WaitAsync(CancellationToken.None);
        Task second = gate.WaitAsync(CancellationToken.None).AsTask();
        Task third = gate.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);
        await clock.PassAsync(TimeSpan.FromMilliseconds(250));
        await second.Within("the second");
        Assert.False(third.IsCompleted);
        await clock.PassAsync(TimeSpan.FromMilliseconds(250));
        await third.Within("the third");
        // What was not used is not saved up.
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(gate.WaitAsync(CancellationToken.None).AsTask().IsCompleted);
        Assert.False(gate.WaitAsync(CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_sender_keeps_its_rate()
    {
        TestClock clock = new();
        Recorder recorder = new();
        await using TestServer server = new TestServer { Time = TimeProvider.System, Factory = recorder.NewSession }.Start();
        SmtpSenderOptions options = new(SmtpDestination.Parse($"smtp://127.0.0.1:{((IPEndPoint)server.Listener.EndPoint).Port}?tls=none"))
        {
            MaxMessagesPerSecond = 0.1,
            Connection = TestServer.Client with { TimeProvider = clock },
        };
        await using SmtpSender sender = new(options);
        await SendAsync().Within("the first message");
        Task second = SendAsync();
        await clock.WhenSetAsync(TimeSpan.FromSeconds(10));
        Assert.Single(recorder.Contents);
        clock.Advance(TimeSpan.FromSeconds(10));
        await second.Within("the second message");

        async Task SendAsync() =>
            Assert.True((await sender.SendAsync(new("a@client.example", "b@mx.example"), "x\r\n"u8.ToArray())).IsAccepted);
    }

    [Fact]
    public async Task No_socket_waits_for_more_to_send()
    {
        using Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        SmtpDestination destination = new("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port);
        using ClientSocket socket = await new Dialer(TimeProvider.System, TestServer.IsOnEventLoops).DialAsync(
            destination, null, TimeSpan.FromSeconds(20), default);
        Assert.True(socket.Socket.NoDelay);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("SCRAM-SHA-256")]
    public async Task An_observer_is_told_everything_but_secrets(string mechanism)
    {
        Recorder recorder = new() { Password = "open sesame" };
        await using TestServer server = new TestServer
        {
            Time = TimeProvider.System,
            Factory = recorder.NewSession,
            Listener = new(new IPEndPoint(IPAddress.Loopback, 0)) { AllowPlaintextAuthentication = true },
        }.Start();
        Dialogue dialogue = new();
        SmtpDestination destination = new("127.0.0.1", ((IPEndPoint)server.Listener.EndPoint).Port)
        {
            Credential = new PasswordCredential("pat", "open sesame"),
        };
        SmtpConnectionOptions options = TestServer.Client with
        {
            Observer = dialogue,
            AllowPlaintextAuthentication = true,
            Mechanisms = [.. SaslClientMechanisms.Default.Where(known => known.Name == mechanism)],
        };
        await using (SmtpConnection connection = await SmtpConnection.ConnectAsync(destination, options))
        {
            Assert.True(connection.IsAuthenticated);
            await connection.SendAsync(new("a@client.example", "b@mx.example"), "secret content\r\n"u8.ToArray());
        }
        string told = string.Join('\n', dialogue.Lines);
        Assert.Contains($"AUTH {mechanism}", told, StringComparison.Ordinal);
        Assert.Contains("MAIL FROM:<a@client.example>", told, StringComparison.Ordinal);
        Assert.EndsWith("closed", told, StringComparison.Ordinal);
        foreach (string secret in new[] { "open sesame", "secret content", Base64("open sesame"), Base64("\0pat\0open sesame") })
            Assert.DoesNotContain(secret, told, StringComparison.Ordinal);

        static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public async Task REQUIRETLS_is_said_under_TLS()
    {
        Recorder recorder = new();
        await using TestServer server = new TestServer
        {
            Time = TimeProvider.System,
            Factory = recorder.NewSession,
            Listener = new(new IPEndPoint(IPAddress.Loopback, 0)) { Tls = TlsMode.StartTls, Certificates = TestCertificates.For("localhost") },
        }.Start();
        SmtpDestination destination = new("localhost", ((IPEndPoint)server.Listener.EndPoint).Port) { Tls = ClientTls.StartTls };
        SmtpConnectionOptions options = TestServer.Client with
        {
            CertificateValidation = (_, certificate, _, _) => certificate!.Equals(TestCertificates.Of("localhost")),
        };
        await using SmtpConnection connection = await SmtpConnection.ConnectAsync(destination, options);
        Envelope envelope = new("a@client.example", "b@mx.example") { RequireTls = true };
        Assert.True((await connection.SendAsync(envelope, "x\r\n"u8.ToArray())).IsAccepted);
        string mail = Assert.Single(recorder.Calls, call => call.StartsWith("MAIL ", StringComparison.Ordinal));
        Assert.Contains(" REQUIRETLS", mail, StringComparison.Ordinal);
    }

    private sealed class Dialogue : SmtpConnectionObserver
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public override void OnSent(string line) => Lines.Enqueue(line);

        public override void OnSentContent(long octets) => Lines.Enqueue($"{octets} octets");

        public override void OnReceived(Reply reply) => Lines.Enqueue(reply.ToString());

        public override void OnClosed() => Lines.Enqueue("closed");
    }
}
