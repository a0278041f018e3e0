using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Load;
using Ehlo.Server;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Load;

/// <summary><c>ehlo load</c> against our own server, and against peers that refuse, close or are silent.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly LoadProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("lockstep", "1", "event-loops")]
    [InlineData("lockstep", "1", "portable")]
    [InlineData("pipelined", "2", "event-loops")]
    [InlineData("pipelined", "2", "portable")]
    [InlineData("pipelined", "1", "event-loops")]
    [InlineData("bdat", "1", "event-loops")]
    [InlineData("bdat", "8", "event-loops")]
    public async Task Every_message_arrives_and_is_counted(string mode, string depth, string driver)
    {
        await using LoadServer server = LoadServer.Start();
        int code = await _program.RunAsync(
            server.Url, "--mode", mode, "--depth", depth, "--messages", "50", "--sessions", "3", "--size", "3K", "--recipients", "2",
            "--from", "a@client.example", "--to", "b@mx.example", "--driver", driver, "--json");
        Assert.Equal(("", 0), (_program.Error, code));
        Assert.Equal(50, server.Messages.Count);
        byte[] content = LoadContent.Make(3072);
        Assert.All(server.Messages, message =>
        {
            Assert.Equal(content, message.Content);
            Assert.Equal("<a@client.example>", message.Transaction.ReversePath.ToString());
            Assert.Equal(["<b1@mx.example>", "<b2@mx.example>"], message.Transaction.Recipients.Select(recipient => recipient.Path.ToString()));
        });
        JsonElement report = _program.Json;
        Assert.Equal((50, 50), (Number("begun"), Number("accepted")));
        Assert.Equal(50 * 3072, Number("octets"));
        Assert.Equal(0, report.GetProperty("errors").GetArrayLength());
        Assert.Equal(50, report.GetProperty("latencyMicroseconds").GetProperty("count").GetInt64());
        Assert.True(report.GetProperty("messagesPerSecond").GetDouble() > 0);
        // One is the look at the server beforehand.
        Assert.Equal(3 + 1, server.Connections);
    }

    [Fact]
    public async Task Messages_of_the_warm_up_are_not_counted()
    {
        await using LoadServer server = LoadServer.Start();
        Assert.Equal(0, await _program.RunAsync(server.Url, "--warm-up", "7", "--messages", "5", "--sessions", "2", "--json"));
        Assert.Equal(12, server.Messages.Count);
        Assert.Equal((5, 5), (Number("begun"), Number("accepted")));
        Assert.Equal(5, _program.Json.GetProperty("latencyMicroseconds").GetProperty("count").GetInt64());
    }

    [Theory]
    [InlineData("lockstep", 1, 6)]
    [InlineData("lockstep", 2, 3)]
    [InlineData("pipelined", 2, 3)]
    public async Task So_many_messages_go_over_a_connection(string mode, int perConnection, int connections)
    {
        await using LoadServer server = LoadServer.Start();
        Assert.Equal(
            0,
            await _program.RunAsync(
                server.Url, "--mode", mode, "--messages", "6", "--sessions", "1", "--per-connection", $"{perConnection}", "--json"));
        Assert.Equal(connections + 1, server.Connections);
        if (mode == "lockstep") Assert.Equal(connections, _program.Json.GetProperty("greetingMicroseconds").GetProperty("count").GetInt64());
    }

    [Theory]
    [InlineData("lockstep", "mail", 452)]
    [InlineData("lockstep", "rcpt", 550)]
    [InlineData("lockstep", "rcpt", 252)] // It accepts, but is none of the codes for RCPT.
    [InlineData("lockstep", "data", 451)]
    [InlineData("lockstep", "content", 554)]
    [InlineData("pipelined", "rcpt", 550)]
    [InlineData("pipelined", "content", 554)]
    [InlineData("bdat", "mail", 452)]
    [InlineData("bdat", "content", 554)]
    [InlineData("bdat", "content", 251)]
    public async Task A_reply_that_was_not_expected_is_counted_by_its_step_and_code(string mode, string step, int code)
    {
        int asked = 0;
        await using LoadServer server = LoadServer.Start(answer: at => at == step && asked++ < 2 ? new Reply(code, "No") : null);
        Assert.Equal(1, await _program.RunAsync(server.Url, "--mode", mode, "--messages", "5", "--sessions", "1", "--json"));
        Assert.Equal((5, 3, 2), (Number("begun"), Number("accepted"), Number("refused")));
        JsonElement error = Assert.Single(_program.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal("reply", error.GetProperty("kind").GetString());
        Assert.Equal(
            (step, code, 2),
            (error.GetProperty("step").GetString(), error.GetProperty("code").GetInt32(), error.GetProperty("count").GetInt32()));
        Assert.EndsWith("No", error.GetProperty("example").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lockstep", "MAIL", "closed", "mail", false)]
    [InlineData("lockstep", "RCPT", "closed", "rcpt", false)]
    [InlineData("lockstep", "DATA", "closed", "data", false)]
    [InlineData("lockstep", ".", "closed", "content", true)]
    [InlineData("pipelined", "MAIL", "closed", "", false)]
    [InlineData("pipelined", ".", "closed", "content", true)]
    public async Task A_connection_that_is_closed_leaves_its_message_failed_or_uncertain(
        string mode, string at, string kind, string step, bool isUncertain)
    {
        using DroppingPeer peer = new(at);
        Assert.Equal(1, await _program.RunAsync(peer.Url, "--mode", mode, "--depth", "1", "--messages", "3", "--sessions", "1", "--json"));
        Assert.Equal((3, 0), (Number("begun"), Number("accepted")));
        Assert.Equal(isUncertain ? (0, 3) : (3, 0), (Number("failed"), Number("uncertain")));
        AssertError(kind, step, 3);
    }

    [Fact]
    public async Task Messages_of_a_pipeline_that_is_cut_off_are_each_counted()
    {
        using DroppingPeer peer = new(".");
        Assert.Equal(1, await _program.RunAsync(peer.Url, "--mode", "pipelined", "--messages", "4", "--sessions", "1", "--json"));
        Assert.Equal(4, Number("begun"));
        Assert.Equal(4, Number("failed") + Number("uncertain"));
        Assert.True(Number("uncertain") > 0);
    }

    [Theory]
    [InlineData("RCPT", "rcpt", 1, 0)]
    [InlineData(".", "content", 0, 1)]
    public async Task A_server_that_is_silent_is_a_timeout(string at, string step, int failed, int uncertain)
    {
        FakeTimeProvider time = new();
        using LoadProgram program = new() { Time = time };
        using DroppingPeer peer = new(at, isSilent: true);
        Task<int> run = program.RunAsync(peer.Url, "--messages", "1", "--timeout", "5", "--json");
        await peer.WhenReached.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        // The peer is silent from here on. The wait for it may begin a moment later.
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(1, await run);
        JsonElement error = Assert.Single(program.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal(("timeout", step), (error.GetProperty("kind").GetString(), error.GetProperty("step").GetString()));
        Assert.Equal(failed, program.Json.GetProperty("failed").GetInt32());
        Assert.Equal(uncertain, program.Json.GetProperty("uncertain").GetInt32());
    }

    [Theory]
    [InlineData("lockstep")]
    [InlineData("pipelined")]
    public async Task A_server_that_goes_away_is_not_tried_for_ever(string mode)
    {
        // The first connection is the look beforehand.
        int greeted = 0;
        await using LoadServer server = LoadServer.Start(
            answer: step => step == "connect" && greeted++ > 0 ? new Reply(421, "Not now") : null);
        Assert.Equal(1, await _program.RunAsync(server.Url, "--mode", mode, "--messages", "1000", "--sessions", "2", "--json"));
        Assert.InRange(Number("failed"), 10, 30);
        Assert.Equal(1000, Number("begun") + Number("unsent"));
        JsonElement error = Assert.Single(_program.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            ("reply", "greeting", 421),
            (error.GetProperty("kind").GetString(), error.GetProperty("step").GetString(), error.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_at_once()
    {
        using TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        string url = $"smtp://{closed.LocalEndpoint}";
        closed.Stop();
        Assert.Equal(1, await _program.RunAsync(url));
        Assert.StartsWith($"ehlo: No connection to {url}", _program.Error, StringComparison.Ordinal);
        Assert.Equal("", _program.Output);
    }

    [Fact]
    public async Task A_mode_that_the_server_does_not_offer_is_said_and_nothing_is_sent()
    {
        await using LoadServer server = LoadServer.Start(offers: extension => extension.Keyword != "CHUNKING");
        Assert.Equal(1, await _program.RunAsync(server.Url, "--mode", "bdat"));
        Assert.Equal("ehlo: The server offers no CHUNKING, which --mode bdat needs", _program.Error.TrimEnd());
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task Stopping_it_reports_what_there_is()
    {
        await using LoadServer server = LoadServer.Start(answer: step =>
        {
            if (step == "content") _program.Stop();
            return null;
        });
        Assert.Equal(1, await _program.RunAsync(server.Url, "--sessions", "2", "--seconds", "3600", "--json"));
        Assert.True(_program.Json.GetProperty("stopped").GetBoolean());
        Assert.Equal(Number("begun"), Number("accepted"));
        Assert.Equal(server.Messages.Count, Number("accepted"));
    }

    [Fact]
    public async Task A_rate_is_kept_by_the_clock()
    {
        FakeTimeProvider time = new();
        using LoadProgram program = new() { Time = time };
        await using LoadServer server = LoadServer.Start();
        Task<int> run = program.RunAsync(
            server.Url, "--sessions", "2", "--messages", "11", "--rate", "100", "--timeout", "600", "--json");
        while (!run.IsCompleted)
        {
            // So little that no time-out can come between, and often: a wait may begin after the clock has gone on.
            time.Advance(TimeSpan.FromMicroseconds(10));
            await Task.Yield();
        }
        Assert.Equal(0, await run);
        Assert.Equal(11, server.Messages.Count);
        // The eleventh is due a tenth of a second after the first.
        Assert.True(program.Json.GetProperty("seconds").GetDouble() >= 0.1);
    }

    [Fact]
    public async Task The_report_in_words_has_the_figures_and_each_error()
    {
        int asked = 0;
        await using LoadServer server = LoadServer.Start(answer: step => step == "rcpt" && asked++ < 2 ? new Reply(550, "No such user") : null);
        Assert.Equal(1, await _program.RunAsync(server.Url, "--messages", "5", "--sessions", "1"));
        Assert.Matches(@"^3 of 5 messages accepted in \d+\.\d{3} s", _program.Output);
        Assert.Contains("refused 2, failed 0, uncertain 0, not begun 0", _program.Output, StringComparison.Ordinal);
        Assert.Matches(@"error        2 x reply 550, rcpt: 550 5\.\d\.\d No such user", _program.Output);
        Assert.Matches(@"allocated    \d+ octets a message, by this program", _program.Output);
        Assert.Matches(@"latency      p50 \d+\.\d{3}  p90 \d+\.\d{3}  p99 \d+\.\d{3}  p99\.9 \d+\.\d{3}  max \d+\.\d{3} ms", _program.Output);
    }

    [Fact]
    public async Task The_names_of_the_JSON_stay()
    {
        await using LoadServer server = LoadServer.Start();
        await _program.RunAsync(server.Url, "--messages", "1", "--json");
        Assert.Equal(
            [
                "destination", "mode", "sessions", "size", "recipients", "perConnection", "depth", "rate", "stopped", "seconds", "begun",
                "accepted", "refused", "failed", "uncertain", "unsent", "connections", "octets", "messagesPerSecond", "octetsPerSecond",
                "cpuMicrosecondsPerMessage", "allocatedOctetsPerMessage", "latencyMicroseconds", "greetingMicroseconds", "errors",
            ],
            _program.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["count", "mean", "p50", "p90", "p99", "p99.9", "max"],
            _program.Json.GetProperty("latencyMicroseconds").EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData("starttls", true)]
    [InlineData("starttls", false)]
    [InlineData("implicit", true)]
    public async Task Under_TLS_the_authority_decides_and_it_can_authenticate(string tls, bool isTrusted)
    {
        using X509Certificate2 certificate = MakeCertificate();
        using X509Certificate2 other = MakeCertificate();
        await using LoadServer server = LoadServer.Start(configure: listener =>
        {
            listener.Tls = tls == "implicit" ? TlsMode.Implicit : TlsMode.StartTls;
            listener.Certificates = new ServerCertificates(certificate);
        });
        string authority = Path.GetTempFileName();
        string password = Path.GetTempFileName();
        try
        {
            File.WriteAllText(authority, (isTrusted ? certificate : other).ExportCertificatePem());
            File.WriteAllText(password, "secret\n");
            int code = await _program.RunAsync(
                server.Url, "--tls", tls, "--ca", authority, "--user", "app", "--password-file", password, "--messages", "4", "--sessions", "2");
            Assert.Equal(isTrusted ? 0 : 1, code);
            Assert.Equal(isTrusted ? 4 : 0, server.Messages.Count);
            Assert.All(server.Messages, message => Assert.Equal("app", message.Identity));
            if (!isTrusted) Assert.Contains("The TLS handshake failed", _program.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(authority);
            File.Delete(password);
        }
    }

    [Theory]
    [InlineData("mx.example.org is another machine", "smtp://mx.example.org")]
    [InlineData("--allow-remote mx.example.org", "smtp://mx.example.org", "--allow-remote", "mx.example.com")]
    [InlineData("192.0.2.1 is another machine", "smtp://192.0.2.1")]
    [InlineData("--messages and --seconds", "smtp://127.0.0.1", "--messages", "1", "--seconds", "1")]
    [InlineData("--user and --password-file", "smtp://127.0.0.1", "--user", "app")]
    [InlineData("--depth needs", "smtp://127.0.0.1", "--depth", "2")]
    [InlineData("--size must be", "smtp://127.0.0.1", "--size", "4G")]
    [InlineData("--size must be", "smtp://127.0.0.1", "--size", "1")]
    [InlineData("--size must be", "smtp://127.0.0.1", "--size", "4096M")]
    [InlineData("--sessions must be", "smtp://127.0.0.1", "--sessions", "0")]
    [InlineData("turbo", "smtp://127.0.0.1", "--driver", "turbo")]
    [InlineData("--rate must be", "smtp://127.0.0.1", "--rate", "fast")]
    [InlineData("http is none of", "http://127.0.0.1")]
    [InlineData("nobody", "smtp://127.0.0.1", "--to", "nobody")]
    [InlineData("no-such-file", "smtp://127.0.0.1", "--ca", "no-such-file")]
    public async Task A_wrong_command_line_is_said_and_nothing_is_sent(string said, params string[] args)
    {
        Assert.Equal(2, await _program.RunAsync(args));
        Assert.Contains(said, _program.Error, StringComparison.Ordinal);
        Assert.Equal("", _program.Output);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(79)]
    [InlineData(80)]
    [InlineData(81)]
    [InlineData(159)]
    [InlineData(160)]
    [InlineData(161)]
    [InlineData(1024)]
    public void The_content_has_the_size_asked_for_and_lines_that_end_with_CRLF(int octets)
    {
        for (int size = Math.Max(2, octets - 4); size <= octets + 4; size++)
        {
            byte[] content = LoadContent.Make(size);
            string text = string.Concat(content.Select(octet => (char)octet));
            Assert.Equal(size, content.Length);
            Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
            string[] lines = text.Split("\r\n");
            Assert.All(lines, line => Assert.True(line.Length <= 80 && !line.Contains('\r') && !line.Contains('\n') && !line.StartsWith('.')));
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        System.Security.Cryptography.X509Certificates.CertificateRequest request = new("CN=load.example", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private long Number(string name) => _program.Json.GetProperty(name).GetInt64();

    private void AssertError(string kind, string step, int count)
    {
        JsonElement error = Assert.Single(_program.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            (kind, step, count),
            (error.GetProperty("kind").GetString(), error.GetProperty("step").GetString(), error.GetProperty("count").GetInt32()));
    }
}
