using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Check;
using Ehlo.Sasl;
using Ehlo.Server;
using Xunit;

namespace Ehlo.App.Tests.Check;

/// <summary>The checks against our own server, and against it behind a line that breaks one of its replies.</summary>
public sealed class CheckTests : IAsyncLifetime
{
    private static readonly CheckSettings Settings = new()
    {
        Host = "127.0.0.1",
        Insecure = true,
        Deliver = "a@example.org",
        Timeout = TimeSpan.FromSeconds(20),
    };

    private readonly SmtpListener _listener = SmtpListener.Parse("127.0.0.1:0");
    private readonly SmtpListener _lmtp = SmtpListener.Parse("127.0.0.1:0");
    private readonly CancellationTokenSource _stop = new();
    private SmtpServer? _server;
    private Task? _running;
    private X509Certificate2? _certificate;

    public ValueTask InitializeAsync()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        System.Security.Cryptography.X509Certificates.CertificateRequest request = new("CN=check.example", key, HashAlgorithmName.SHA256);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        _listener.Tls = TlsMode.StartTls;
        _listener.Certificates = new ServerCertificates(_certificate);
        _listener.AllowPlaintextAuthentication = true;
        _lmtp.Protocol = MailProtocol.Lmtp;
        _server = new SmtpServer(
            new SmtpServerOptions { ServerName = "check.example", Listeners = { _listener, _lmtp } },
            connection => new DroppingSession(connection));
        _running = _server.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running!;
        await _server!.DisposeAsync();
        _certificate!.Dispose();
        _stop.Dispose();
    }

    public static TheoryData<string> Ids() => [.. CheckList.All.Select(check => check.Id)];

    /// <summary>What is said under TLS cannot be changed on the line, so those checks are left out.</summary>
    public static TheoryData<string> IdsInClear() => [.. CheckList.All.Where(check => !check.Steps.Contains("tls")).Select(check => check.Id)];

    [Fact]
    public void Every_check_has_its_own_id_and_its_own_dialogue()
    {
        Assert.Equal(CheckList.All.Count, CheckList.All.Select(check => check.Id).Distinct().Count());
        IEnumerable<string> twins = CheckList.All.GroupBy(check => string.Join('\n', check.Steps) + check.Fault)
            .Where(group => group.Count() > 1).Select(group => string.Join(' ', group.Select(check => check.Id)));
        Assert.Empty(twins);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Our_own_server_fails_none(string id)
    {
        CheckRunner runner = new(() => ConnectAsync(Check(id)), SettingsFor(Check(id)));
        CheckFinding finding = await runner.RunAsync(Check(id), await runner.SurveyAsync());
        Assert.True(finding.Outcome == CheckOutcome.Passed, finding.Why + "\n" + string.Join('\n', finding.Dialogue));
    }

    [Fact]
    public async Task Our_own_server_fails_none_with_TLS_and_a_name()
    {
        CheckSettings settings = Settings with { Tls = CheckTls.StartTls, User = "app", Password = "for trials" };
        CheckRunner runner = new(() => ConnectAsync(null), settings);
        CheckNeeds available = await runner.SurveyAsync();
        foreach (ConformanceCheck check in CheckList.All)
        {
            CheckFinding finding = await runner.RunAsync(check, available);
            Assert.True(finding.Outcome != CheckOutcome.Failed, check.Id + "\n" + string.Join('\n', finding.Dialogue));
            Assert.DoesNotContain(finding.Dialogue, line => line.Contains("AGFwcA", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(IdsInClear))]
    public async Task A_server_whose_last_answer_is_wrong_fails_the_check(string id)
    {
        ConformanceCheck check = Check(id);
        CheckRunner own = new(() => ConnectAsync(check), SettingsFor(check));
        CheckNeeds available = await own.SurveyAsync();
        CheckFinding sound = await own.RunAsync(check, available);
        // A reply for each line of the transcript; the last is broken.
        int replies = sound.Dialogue.Count(line => line.StartsWith("S: ", StringComparison.Ordinal) && (line.Length < 7 || line[6] != '-'));
        CheckRunner broken = new(async () => new BrokenLine(await ConnectAsync(check), replies, check.Fault), SettingsFor(check));
        Assert.Equal(CheckOutcome.Failed, (await broken.RunAsync(check, available)).Outcome);
    }

    private static bool IsLmtp(ConformanceCheck? check) => check?.Needs.HasFlag(CheckNeeds.LmtpOnly) == true;

    private static CheckSettings SettingsFor(ConformanceCheck check) => Settings with { Lmtp = IsLmtp(check) };

    private static ConformanceCheck Check(string id) => CheckList.All.Single(check => check.Id == id);

    private async Task<Stream> ConnectAsync(ConformanceCheck? check)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync((IPEndPoint)(IsLmtp(check) ? _lmtp : _listener).EndPoint!);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private sealed class DroppingSession(SmtpServerConnection connection) : SmtpSession(connection)
    {
        public override AuthenticationKinds AuthenticationKinds => AuthenticationKinds.Password;

        protected override ValueTask<AuthenticationResult> OnAuthenticateAsync(AuthenticationRequest request, CancellationToken ct) =>
            new(AuthenticationResult.Accept("app"));

        protected override async ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken ct)
        {
            await content.CopyToAsync(Stream.Null, ct);
            return Reply.Ok();
        }
    }
}
