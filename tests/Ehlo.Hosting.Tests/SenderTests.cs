using System;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Testing;
using Ehlo.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ehlo.Hosting.Tests;

/// <summary>Senders as services of a host: their options, names, logs, health and end.</summary>
public sealed class SenderTests
{
    private static readonly Envelope Envelope = new("ann@example.org", "bob@example.net");

    private static readonly Content Content = Content.FromText("Subject: x\n\nHello.\n");

    private static Task<TestSmtpServer> StartServerAsync(string user = "app", string password = "p:/@%&word") =>
        TestSmtpServer.StartAsync(new() { Accounts = { [user] = password }, RequireAuthentication = true });

    private static async Task SendAsync(SmtpSender sender)
    {
        SendResult result = await sender.SendAsync(Envelope, Content).Within("the result");
        Assert.True(result.IsAccepted, result.ToString());
    }

    [Fact]
    public async Task A_sender_comes_from_the_configuration_with_a_password_of_any_characters()
    {
        await using TestSmtpServer server = await StartServerAsync();
        await using SenderHost host = SenderHost.Make(
            services => services.AddSmtpSender(),
            ("Smtp:Sender:Url", server.Uri.ToString()), ("Smtp:Sender:User", "app"), ("Smtp:Sender:Password", "p:/@%&word"),
            ("Smtp:Sender:LocalName", "client.example"), ("Smtp:Sender:UseChunking", "false"));
        await host.StartAsync();
        await SendAsync(host.Sender);
        ReceivedMessage received = Assert.Single(server.Messages);
        Assert.Equal("app", received.Identity);
        Assert.Equal("client.example", received.Hello.Name);
        Assert.Contains("C: DATA", string.Join('\n', server.Connections[0].Dialogue), StringComparison.Ordinal);
        Assert.Same(host.Sender, host.Sender);
    }

    [Fact]
    public async Task A_server_and_senders_share_the_section_as_the_guide_has_it()
    {
        await using SenderHost host = SenderHost.Make(
            LogLevel.Trace,
            builder =>
            {
                builder.Services.AddSmtpServer(builder.Configuration.GetSection("Smtp")).UseSession<TestSession>();
                builder.Services.AddSmtpSender().AddSmtpSender("news");
            },
            ("Smtp:Listeners:0:Endpoint", "127.0.0.1:0"), ("Smtp:Sender:Url", "smtp://x.example"), ("Smtp:Senders:news:Url", "smtp://x.example"));
        await host.StartAsync();
        Assert.NotSame(host.Sender, host.Services.GetRequiredKeyedService<SmtpSender>("news"));
    }

    [Fact]
    public async Task Senders_by_name_have_a_section_or_code_of_their_own()
    {
        await using TestSmtpServer first = await TestSmtpServer.StartAsync();
        await using TestSmtpServer second = await TestSmtpServer.StartAsync();
        await using TestSmtpServer third = await TestSmtpServer.StartAsync();
        await using SenderHost host = SenderHost.Make(
            LogLevel.Trace,
            builder => builder.Services.AddSmtpSender("reports")
                .AddSmtpSender("news", builder.Configuration.GetSection("News"))
                .AddSmtpSender("alarms", options => options.Url = third.Uri.ToString())
                .AddSingleton<Newsletter>(),
            ("Smtp:Senders:reports:Url", first.Uri.ToString()), ("News:Url", second.Uri.ToString()));
        await host.StartAsync();
        await SendAsync(host.Services.GetRequiredKeyedService<SmtpSender>("reports"));
        await SendAsync(host.Services.GetRequiredService<Newsletter>().Sender);
        await SendAsync(host.Services.GetRequiredKeyedService<SmtpSender>("alarms"));
        Assert.All([first, second, third], server => Assert.Single(server.Messages));
        Assert.Null(host.Services.GetService<SmtpSender>());
    }

    [Theory]
    [InlineData("Url", "mail.example.org", "Smtp:Sender:Url: It is not a URL")]
    [InlineData("Url", "http://mail.example.org", "Smtp:Sender:Url: http is none of smtp,")]
    [InlineData("Url", "", "Smtp:Sender:Url: where to send is needed, as smtp://mail.example.org.")]
    [InlineData("User", "app", "Smtp:Sender:Password: a user has a password.")]
    [InlineData("User", "", "Smtp:Sender:User: it is empty.")]
    [InlineData("Password", "secret", "Smtp:Sender:User: a password is somebody's.")]
    [InlineData("LocalName", "two words", "Smtp:Sender:LocalName: it is one word")]
    [InlineData("Proxy", "proxy.example.org", "Smtp:Sender:Proxy: ")]
    [InlineData("MaxConnections", "0", "Smtp:Sender:MaxConnections: MaxConnections is outside its range.")]
    [InlineData("MaxMessagesPerConnection", "0", "Smtp:Sender:MaxMessagesPerConnection: ")]
    [InlineData("MaxQueuedMessages", "0", "Smtp:Sender:MaxQueuedMessages: ")]
    [InlineData("MaxAttempts", "11", "Smtp:Sender:MaxAttempts: ")]
    [InlineData("MaxMessagesPerSecond", "-1", "Smtp:Sender:MaxMessagesPerSecond: ")]
    [InlineData("MaxMessagesPerSecond", "many", "Smtp:Sender:MaxMessagesPerSecond: 'many' is not a number.")]
    [InlineData("IdleTimeout", "00:00:00", "Smtp:Sender:IdleTimeout: ")]
    [InlineData("Timeouts:Command", "00:00:00", "Smtp:Sender:Timeouts: Each time-out is above zero")]
    [InlineData("Timeouts:Command", "soon", "Smtp:Sender:Timeouts:Command: 'soon' is not a time as 00:05:00.")]
    [InlineData("UsePipelining", "yes", "Smtp:Sender:UsePipelining: 'yes' is not true or false.")]
    [InlineData("Host", "mail.example.org", "Smtp:Sender:Host: there is no such setting; there are Url,")]
    public async Task A_wrong_option_stops_the_host_and_is_named_with_its_path(string key, string value, string message)
    {
        (string, string)[] settings = [.. new[] { ("Smtp:Sender:Url", "smtp://localhost") }.Where(_ => key != "Url"), ($"Smtp:Sender:{key}", value)];
        await using SenderHost host = SenderHost.Make(services => services.AddSmtpSender(), settings);
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.StartsWith(message, Assert.Single(exception.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_is_named_once()
    {
        await using SenderHost host = SenderHost.Make(
            services => services.AddSmtpSender(),
            ("Smtp:Sender:Url", "smtp://other:secret@localhost"), ("Smtp:Sender:User", "app"), ("Smtp:Sender:Password", "secret"));
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Equal("Smtp:Sender:User: the URL names a user already.", Assert.Single(exception.Failures));
    }

    [Theory]
    [InlineData("smtp://mail.example.org", "smtp://mail.example.org:587", ClientTls.StartTls)]
    [InlineData("smtps://mail.example.org", "smtps://mail.example.org:465", ClientTls.Implicit)]
    [InlineData("lmtp+unix:/run/lmtp.sock", "lmtp+unix:/run/lmtp.sock", ClientTls.None)]
    public void A_user_of_its_own_key_decides_port_and_TLS_as_one_in_the_URL(string url, string expected, ClientTls tls)
    {
        SmtpDestination destination = new SmtpHostSenderOptions { Url = url, User = "a@b", Password = "p:w/d" }.ReadDestination();
        Assert.Equal(expected, destination.ToString());
        Assert.Equal(tls, destination.Tls);
        Assert.Equal(new PasswordCredential("a@b", "p:w/d"), destination.Credential);
    }

    [Fact]
    public async Task Code_has_the_last_word_with_the_services_at_hand()
    {
        await using TestSmtpServer server = await StartServerAsync("token", "from the store");
        await using SenderHost host = SenderHost.Make(services => services.AddSingleton(new Secrets("from the store")).AddSmtpSender(options =>
        {
            options.Url = server.Uri.ToString();
            options.Configure = (sender, provider) => sender with
            {
                Destination = sender.Destination with
                {
                    Credential = new PasswordCredential("token", provider.GetRequiredService<Secrets>().Password),
                },
            };
        }));
        await host.StartAsync();
        await SendAsync(host.Sender);
        Assert.Equal("token", server.Messages[0].Identity);
    }

    [Fact]
    public async Task Connections_and_what_is_said_are_logged_without_secrets()
    {
        await using TestSmtpServer server = await StartServerAsync(password: "open sesame");
        Watch watch = new();
        await using (SenderHost host = SenderHost.Make(services => services.AddSmtpSender("reports", options =>
        {
            (options.Url, options.User, options.Password) = (server.Uri.ToString(), "app", "open sesame");
            options.Configure = (sender, _) => sender with { Connection = sender.Connection with { Observer = watch } };
        })))
        {
            await host.StartAsync();
            await SendAsync(host.Services.GetRequiredKeyedService<SmtpSender>("reports"));
            await host.DisposeAsync();
            string log = string.Join('\n', host.Entries.Select(entry => entry.Text));
            Assert.Contains($"reports: connected to smtp://127.0.0.1:{server.Port} at 127.0.0.1:{server.Port}", log, StringComparison.Ordinal);
            Assert.Contains("reports: C: MAIL FROM:<ann@example.org>", log, StringComparison.Ordinal);
            Assert.Contains("reports: S: 221 ", log, StringComparison.Ordinal);
            Assert.EndsWith("reports: a connection is closed", log, StringComparison.Ordinal);
            Assert.DoesNotContain("sesame", log, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String("\0app\0open sesame"u8), log, StringComparison.Ordinal);
            Assert.Equal(LogLevel.Debug, host.Entries.First(entry => entry.Id == 50).Level);
        }
        // The observer of the options is told as well.
        Assert.Contains("MAIL FROM:<ann@example.org>", watch.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_reads_the_log_nothing_is_told()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        await using SenderHost host = SenderHost.Make(
            LogLevel.Information, builder => builder.Services.AddSmtpSender(options => options.Url = server.Uri.ToString()));
        await host.StartAsync();
        await SendAsync(host.Sender);
        Assert.Empty(host.Entries);
    }

    [Fact]
    public async Task A_host_that_ends_has_sent_what_was_handed_over_and_said_goodbye()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        Task<SendResult>[] results;
        await using (SenderHost host = SenderHost.Make(services => services.AddSmtpSender(options => options.Url = server.Uri.ToString())))
        {
            await host.StartAsync();
            results = [.. Enumerable.Range(0, 20).Select(_ => host.Sender.SendAsync(Envelope, Content).AsTask())];
        }
        Assert.Equal(20, server.Messages.Count);
        // Who sent goes on elsewhere, and may hear of it a moment later.
        await Task.WhenAll(results).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(server.Connections, connection => Assert.Contains("C: QUIT", connection.Dialogue));
    }

    [Fact]
    public async Task Health_is_a_connection_with_login_and_nothing_sent()
    {
        TestSmtpServer server = await StartServerAsync("app", "right");
        await using SenderHost host = SenderHost.Make(services =>
        {
            services.AddSmtpSender(options => (options.Url, options.User, options.Password) = (server.Uri.ToString(), "app", "right"));
            services.AddSmtpSender("other", options => (options.Url, options.User, options.Password) = (server.Uri.ToString(), "app", "wrong"));
            services.AddHealthChecks().AddSmtpSender().AddSmtpSender("other");
        });
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        HealthReport report = await health.CheckHealthAsync().Within("the report");
        Assert.Equal(HealthStatus.Healthy, report.Entries["smtp-sender"].Status);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["smtp-sender-other"].Status);
        Assert.Contains("535", report.Entries["smtp-sender-other"].Description, StringComparison.Ordinal);
        Assert.Contains(server.Connections, connection => connection.Dialogue.Contains("C: NOOP") && connection.Dialogue.Contains("C: QUIT"));
        Assert.Empty(server.Messages);
        await server.DisposeAsync();
        report = await health.CheckHealthAsync().Within("the second report");
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["smtp-sender"].Status);
    }

    private sealed record Secrets(string Password);

    private sealed class Newsletter([FromKeyedServices("news")] SmtpSender sender)
    {
        public SmtpSender Sender => sender;
    }

    private sealed class Watch : SmtpConnectionObserver
    {
        public string Sent { get; private set; } = "";

        public override void OnSent(string line) => Sent += $"{line}\n";
    }
}
