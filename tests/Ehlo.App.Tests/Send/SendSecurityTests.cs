using System;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Testing;
using Xunit;

namespace Ehlo.App.Tests.Send;

/// <summary>TLS and logins of <c>ehlo send</c>.</summary>
public sealed class SendSecurityTests : IDisposable
{
    private readonly SendProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task STARTTLS_is_used_where_it_is_offered_and_what_is_wrong_with_the_certificate_is_said()
    {
        await using TestSmtpServer server = await StartAsync(TlsMode.StartTls);
        Assert.Equal(0, await _program.RunAsync("send", $"localhost:{server.Port}"));
        Assert.Matches(@"^TLS 1\.[23] with TLS_\w+; certificate CN=Ehlo test server, not valid, ", _program.Lines[1]);
        Assert.EndsWith("and taken nevertheless: it is signed by itself", _program.Lines[1], StringComparison.Ordinal);
        Assert.NotNull((await server.WaitForAsync()).Tls);
    }

    [Theory]
    [InlineData("localhost", "required", 4)]
    [InlineData("localhost", "required", 0, "--ca")]
    [InlineData("localhost", "required", 0, "--insecure")]
    [InlineData("localhost", "offered", 4, "--ca", "other.pem")]
    public async Task A_certificate_is_checked_where_TLS_is_required(string host, string tls, int code, params string[] more)
    {
        await using TestSmtpServer server = await StartAsync(TlsMode.StartTls);
        await using TestSmtpServer other = await StartAsync(TlsMode.StartTls);
        _program.Write("own.pem", server.Certificate!.ExportCertificatePem());
        _program.Write("other.pem", other.Certificate!.ExportCertificatePem());
        string[] trust = more is ["--ca"] ? ["--ca", "own.pem"] : more;
        string[] how = tls == "offered" ? [] : ["--tls", tls];
        Assert.Equal(code, await _program.RunAsync(["send", $"{host}:{server.Port}", .. how, .. trust]));
        if (code == 0) return;
        Assert.Contains("is not valid: ", _program.Error, StringComparison.Ordinal);
        Assert.Contains("--ca FILE", _program.Error, StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task A_trusted_certificate_of_another_name_is_not_valid()
    {
        await using TestSmtpServer server = await StartAsync(TlsMode.Implicit);
        _program.Write("own.pem", server.Certificate!.ExportCertificatePem());
        Assert.Equal(4, await _program.RunAsync("send", $"smtps://127.0.0.2:{server.Port}", "--ca", "own.pem", "--timeout", "20"));
        Assert.Equal(0, await _program.RunAsync("send", $"smtps://127.0.0.1:{server.Port}", "--ca", "own.pem"));
    }

    [Fact]
    public async Task Required_TLS_that_is_not_offered_is_a_refusal()
    {
        await using TestSmtpServer server = await StartAsync(TlsMode.None);
        Assert.Equal(1, await _program.RunAsync("send", server.Uri.ToString(), "--tls", "starttls"));
        Assert.Contains("offers no STARTTLS", _program.Error, StringComparison.Ordinal);
        Assert.Equal(1, await _program.RunAsync("send", server.Uri.ToString(), "--tls", "starttls", "--count", "2"));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("environment")]
    [InlineData("prompt")]
    [InlineData("url")]
    public async Task The_password_comes_from_a_file_the_environment_the_prompt_or_the_URL(string source)
    {
        await using TestSmtpServer server = await StartAsync(TlsMode.None);
        string[] args = ["send", $"smtp://app@{server.Endpoint}", "--transcript"];
        if (source == "file") args = [.. args, "--password-file", _program.Write("pw", "open sesame\nnot this\n")];
        if (source == "environment") _program.Environment["EHLO_PASSWORD"] = "open sesame";
        if (source == "prompt") _program.Password = "open sesame";
        if (source == "url") args[1] = $"smtp://app:open%20sesame@{server.Endpoint}";
        Assert.Equal(0, await _program.RunAsync(args));
        Assert.Equal("app", (await server.WaitForAsync()).Identity);
        Assert.Equal(source == "url", _program.Error.Contains("a password in a URL", StringComparison.Ordinal));
        Assert.Contains("C: AUTH SCRAM-SHA-512 ***", _program.Lines);
        Assert.DoesNotContain("sesame", _program.Output + _program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_program.Lines, line => line.StartsWith("S: 334 ", StringComparison.Ordinal) && line != "S: 334 ***");
    }

    [Fact]
    public async Task A_wrong_password_is_1_with_the_servers_words()
    {
        await using TestSmtpServer server = await StartAsync(TlsMode.None);
        _program.Password = "guess";
        Assert.Equal(1, await _program.RunAsync("send", server.Uri.ToString(), "--user", "app", "--mechanism", "plain"));
        Assert.Contains("refused AUTH PLAIN with '535 ", _program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("guess", _program.Output + _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_read_from_a_file()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        string token = _program.Write("token", "ya29.token\r\n");
        Assert.Equal(0, await _program.RunAsync("send", server.Uri.ToString(), "--user", "app", "--token-file", token));
        Assert.Contains("Logged in as app by OAUTHBEARER", _program.Lines);
    }

    [Fact]
    public async Task A_password_is_asked_for_only_when_all_else_is_right()
    {
        Assert.Equal(2, await _program.RunAsync("send", "--user", "app", "--attach", "none"));
        Assert.DoesNotContain("password", _program.Error, StringComparison.Ordinal);
    }

    private static Task<TestSmtpServer> StartAsync(TlsMode tls) =>
        TestSmtpServer.StartAsync(new() { Tls = tls, Accounts = { ["app"] = "open sesame" } });
}
