using System;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Sasl;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>A server that refuses a token says why before it does (RFC 7628 section 3.2.2), and whoever reads the exception is told.</summary>
public sealed class RefusedTokenTests
{
    [Theory]
    [InlineData("OAUTHBEARER", "{\"status\":\"invalid_token\"}", ", having said '{\"status\":\"invalid_token\"}': ")]
    [InlineData("XOAUTH2", "{\"status\":\"401\"}", ", having said '{\"status\":\"401\"}': ")]
    [InlineData("XOAUTH2", "a\r\nb\u001b[31m\u0085", ", having said 'a??b?[31m?': ")]
    [InlineData("OAUTHBEARER", "", "Not now': ")]
    public async Task The_exception_says_what_the_server_said(string mechanism, string said, string expected)
    {
        string message = await RefuseAsync(mechanism, said);
        Assert.StartsWith($"The server refused AUTH {mechanism} with '535 5.7.8 Not now'", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_said_is_bounded()
    {
        string message = await RefuseAsync("OAUTHBEARER", new string('x', 3000));
        Assert.Contains(new string('x', 200), message, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', 201), message, StringComparison.Ordinal);
    }

    private static async Task<string> RefuseAsync(string mechanism, string said)
    {
        ScriptedStream server = new("220 ready\r\n", line => line switch
        {
            _ when line.StartsWith("EHLO", StringComparison.Ordinal) => $"250-mx.example\r\n250 AUTH {mechanism}\r\n",
            _ when line.StartsWith("AUTH", StringComparison.Ordinal) => $"334 {Convert.ToBase64String(Encoding.UTF8.GetBytes(said))}\r\n",
            _ => "535 5.7.8 Not now\r\n",
        });
        SmtpDestination destination = new("localhost");
        SmtpConnectionOptions options = new() { AllowPlaintextAuthentication = true };
        await using SmtpConnection connection = await SmtpConnection.AttachAsync(
            server, destination, options, TestContext.Current.CancellationToken);
        await connection.HelloAsync("client.example", TestContext.Current.CancellationToken);
        return (await Assert.ThrowsAsync<SmtpConnectionException>(async () =>
            await connection.AuthenticateAsync(new TokenCredential("pat", "token"), TestContext.Current.CancellationToken))).Message;
    }
}
