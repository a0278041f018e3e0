using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ehlo.Hosting.Tests;

/// <summary>The server as a part of its host: start, stop, options, health.</summary>
public sealed class HostTests
{
    private static void Sessions(SmtpServerBuilder builder)
    {
        builder.Services.AddSingleton<Journal>().AddScoped<Scoped>();
        builder.UseSession<TestSession>();
    }

    [Fact]
    public async Task A_host_opens_its_listeners_when_it_starts_and_closes_them_when_it_stops()
    {
        await using TestHost host = await TestHost.StartAsync(Sessions);
        IPEndPoint endPoint = (IPEndPoint)host.Server.Listeners[0].EndPoint;
        TestClient client = await host.ConnectAsync();
        await client.ExpectAsync("220 mx.example ");
        await host.StopAsync();
        await client.ExpectAsync("421 ");
        await client.ExpectEndAsync();
        Assert.Empty(host.Server.Listeners);
        // The port is free again.
        await using TestHost next = await TestHost.StartAsync(Sessions, ("Listeners:0:Endpoint", endPoint.ToString()));
        Assert.Equal(endPoint, next.Server.Listeners[0].EndPoint);
    }

    [Fact]
    public async Task A_message_in_transit_is_finished_before_the_host_has_stopped()
    {
        await using TestHost host = await TestHost.StartAsync(Sessions);
        TestClient client = await (await host.ConnectAsync()).BeginMailAsync("DATA");
        Task stop = host.StopAsync();
        Assert.StartsWith("250 ", await client.AskAsync("Subject: x\r\n\r\n."), StringComparison.Ordinal);
        await client.ExpectAsync("421 ");
        await stop;
    }

    [Fact]
    public async Task An_address_in_use_stops_the_host_with_its_name()
    {
        await using TestHost first = await TestHost.StartAsync(Sessions);
        string taken = first.Server.Listeners[0].EndPoint.ToString()!;
        await using TestHost second = TestHost.Make(Sessions, ("Listeners:0:Endpoint", taken));
        ListenException exception = await Assert.ThrowsAsync<ListenException>(second.StartAsync);
        Assert.Contains(taken, exception.Message, StringComparison.Ordinal);
        Assert.Contains(second.Entries, entry => entry.Id == 2 && entry.Text.Contains(taken, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_with_nobody_to_decide_does_not_start()
    {
        await using TestHost host = TestHost.Make(_ => { }, ("Listeners:0:Endpoint", "127.0.0.1:0"));
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
        Assert.Contains("UseSession", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Listeners:0:Endpoint", "nowhere", "Mail:Smtp:Listeners:0:Endpoint: 'nowhere' is not ADDRESS:PORT")]
    [InlineData("Listeners:0:Tls", "Starttls2", "Mail:Smtp:Listeners:0:Tls: 'Starttls2' is not one of None, StartTls, Implicit.")]
    [InlineData("Listeners:0:Tls", "StartTls", "Mail:Smtp:Listeners:0:Certificates: a certificate is needed where Tls is StartTls.")]
    [InlineData("Listeners:0:RequireTls", "true", "Mail:Smtp:Listeners:0:RequireTls: TLS is required and Tls is None.")]
    [InlineData("Listeners:0:Certificates:0:Certificate", "no.pem", "Mail:Smtp:Listeners:0:Certificates:0:PrivateKey: a file is needed.")]
    [InlineData("Listeners:0:Certificates:0:Certificate", "no.pem", "Mail:Smtp:Listeners:0:Certificates:0:Certificate: there is no file")]
    [InlineData("Listeners:0:Port", "25", "Mail:Smtp:Listeners:0:Port: there is no such setting; there are Endpoint,")]
    [InlineData("Limits:MaxRecipients", "many", "Mail:Smtp:Limits:MaxRecipients: 'many' is not a whole number in range.")]
    [InlineData("Limits:MaxRecipients", "-1", "Mail:Smtp:Limits: The limit MaxRecipients must not be negative.")]
    [InlineData("Timeouts:Command", "soon", "Mail:Smtp:Timeouts:Command: 'soon' is not a time as 00:05:00.")]
    [InlineData("Timeouts:Command", "00:00:00", "Mail:Smtp:Timeouts: The time-out Command must be above zero")]
    [InlineData("Chunking", "yes", "Mail:Smtp:Chunking: 'yes' is not true or false.")]
    [InlineData("ServerName", "two words", "Mail:Smtp:ServerName: The server name must be")]
    [InlineData("Extensions", "x", "Mail:Smtp:Extensions: there is no such setting")]
    public async Task A_wrong_option_stops_the_host_and_is_named_with_its_path(string key, string value, string message)
    {
        await using TestHost host = TestHost.Make(Sessions, ("Listeners:0:Endpoint", "127.0.0.1:0"), (key, value));
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains(exception.Failures, failure => failure.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_listener_a_host_does_not_start()
    {
        await using TestHost host = TestHost.Make(Sessions);
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Equal(["Mail:Smtp:Listeners: at least one listener is needed."], exception.Failures);
    }

    [Fact]
    public async Task Options_come_from_the_configuration()
    {
        await using TestHost host = await TestHost.StartAsync(Sessions, ("Limits:MaxMessageOctets", "12345"), ("Chunking", "false"));
        TestClient client = await host.ConnectAsync();
        await client.ExpectAsync("220 ");
        string hello = await client.AskAsync("EHLO client.example");
        Assert.Contains("SIZE 12345", hello, StringComparison.Ordinal);
        Assert.DoesNotContain("CHUNKING", hello, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_follows_the_listeners_and_the_load()
    {
        await using TestHost host = TestHost.Make(Sessions, ("Listeners:0:Endpoint", "127.0.0.1:0"), ("Limits:MaxConnections", "1"));
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Entries["smtp"].Status);
        await host.StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["smtp"].Status);
        await (await host.ConnectAsync()).BeginAsync();
        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync()).Entries["smtp"].Status);
        await host.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Entries["smtp"].Status);
    }
}
