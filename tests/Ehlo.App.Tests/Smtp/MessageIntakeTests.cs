using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Smtp;
using Ehlo.Sasl;
using Ehlo.Server;
using Xunit;

namespace Ehlo.App.Tests.Smtp;

/// <summary>Who is let in, and which recipients are taken.</summary>
public sealed class MessageIntakeTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-intake-").FullName;
    private InboxStore? _store;

    public ValueTask InitializeAsync()
    {
        _store = InboxStore.Open(_folder, TimeProvider.System);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_unknown_name_is_refused_as_a_wrong_password_is()
    {
        MessageIntake intake = new(NewStart(), new Dictionary<SmtpListener, string>());
        AuthenticationResult known = await AskAsync(intake, new("PLAIN", "app", "wrong"));
        AuthenticationResult unknown = await AskAsync(intake, new("PLAIN", "nobody", "right"));
        AuthenticationResult other = await AskAsync(intake, new("PLAIN", "app", "right", authorizationIdentity: "admin"));
        Assert.All([known, unknown, other], result => Assert.Null(result.Identity));
        Assert.All([known, unknown, other], result => Assert.Equal(535, result.Refusal.Code));
        Assert.Equal(known.Refusal, unknown.Refusal);
        Assert.Equal(known.Refusal, other.Refusal);
        Assert.Equal("app", (await AskAsync(intake, new("PLAIN", "app", "right"))).Identity!.Name);
    }

    private static ValueTask<AuthenticationResult> AskAsync(MessageIntake intake, PasswordRequest request) =>
        intake.AuthenticateAsync(request, TestContext.Current.CancellationToken);

    [Fact]
    public async Task What_no_route_takes_is_refused_and_no_address_is_told()
    {
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, 0));
        MessageIntake intake = new(NewStart(), new Dictionary<SmtpListener, string> { [listener] = "127.0.0.1:0" });
        await using SmtpServer server = new(new() { ServerName = "mx.test", Listeners = { listener } }, intake.NewSession);
        server.Start();
        using TcpClient client = new();
        await client.ConnectAsync((IPEndPoint)listener.EndPoint, TestContext.Current.CancellationToken);
        using StreamReader reader = new(client.GetStream());
        using StreamWriter writer = new(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        Assert.StartsWith("220 mx.test", await ReadAsync(), StringComparison.Ordinal);
        foreach ((string command, string reply) in new[]
            {
                ("HELO client.test", "250 mx.test"), ("VRFY <a@example.org>", "252 2.1.5"), ("VRFY <a@elsewhere.test>", "252 2.1.5"),
                ("EXPN staff", "502 5.5.1"), ("MAIL FROM:<x@example.org>", "250 2.1.0"), ("RCPT TO:<a@elsewhere.test>", "550 5.7.1"),
                ("RCPT TO:<@example.org:a@elsewhere.test>", "550 5.7.1"), ("RCPT TO:<\"a@elsewhere.test\"@example.org>", "250 2.1.5"),
            })
        {
            await writer.WriteLineAsync(command);
            Assert.StartsWith(reply, await ReadAsync(), StringComparison.Ordinal);
        }

        Task<string?> ReadAsync() => reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
    }

    private SmtpStart NewStart()
    {
        ConfigurationSources sources = new()
        {
            CurrentFolder = Path.GetTempPath(),
            Environment = new Dictionary<string, string>
            {
                ["EHLO__Authentication"] = "Users",
                ["EHLO__Users__0__Name"] = "app",
                ["EHLO__Users__0__Password"] = "right",
                ["EHLO__Routes__0__Recipient"] = "*@example.org",
                ["EHLO__Routes__0__To"] = "discard",
            },
        };
        return new()
        {
            Options = ConfigurationReader.Read(sources).Options,
            Store = _store!,
            Time = TimeProvider.System,
            Output = TextWriter.Null,
            Error = TextWriter.Null,
        };
    }
}
