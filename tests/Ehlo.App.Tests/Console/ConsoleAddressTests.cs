using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Console;
using Ehlo.App.Tests.Configuration;
using Xunit;

namespace Ehlo.App.Tests.Console;

/// <summary>The console below a path of its own, and over HTTPS.</summary>
public sealed partial class ConsoleAddressTests
{
    [Fact]
    public async Task Below_a_base_path_the_page_names_what_is_there_and_the_API_too()
    {
        ChangedConsole console = new(options => options with { BasePath = "/mail" });
        await console.InitializeAsync();
        Assert.EndsWith("/mail", console.Url, StringComparison.Ordinal);
        using HttpClient http = new() { BaseAddress = new Uri(console.Url + "/") };
        string page = await http.GetStringAsync(new Uri("", UriKind.Relative));
        Assert.Contains("<base href=\"/mail/\"", page, StringComparison.Ordinal);
        foreach (Match asset in Asset().Matches(page))
        {
            byte[] octets = await http.GetByteArrayAsync(new Uri(WebUtility.HtmlDecode(asset.Groups[1].Value), UriKind.Relative));
            Assert.NotEmpty(octets);
        }
        using HttpResponseMessage list = await http.GetAsync(new Uri("api/v1/messages", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        await console.DisposeAsync();
    }

    [Fact]
    public async Task With_a_certificate_it_is_HTTPS()
    {
        string folder = Directory.CreateTempSubdirectory("ehlo-https-").FullName;
        PemFiles.Write(folder, "cert.pem", "key.pem");
        CertificateOptions certificate = new(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        ChangedConsole console = new(options => options with { Certificates = [certificate] });
        await console.InitializeAsync();
        Assert.StartsWith("https://127.0.0.1:", console.Url, StringComparison.Ordinal);
        using HttpClientHandler handler = new()
        {
            ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented!.Subject == "CN=mx.example.org",
        };
        using HttpClient http = new(handler) { BaseAddress = new Uri(console.Url) };
        Assert.Contains("messages", await http.GetStringAsync(new Uri("/api/v1/messages", UriKind.Relative)), StringComparison.Ordinal);
        await console.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("(?:href|src)=\"((?:assets|_content|_framework)/[^\"]+)\"")]
    private static partial Regex Asset();

    private sealed class ChangedConsole(Func<ConsoleOptions, ConsoleOptions> change) : ConsoleFixture
    {
        private protected override ConsoleStart Change(ConsoleStart start) => start with { Options = change(start.Options) };
    }
}
