using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed partial class ConsoleAssetsTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [Fact]
    public async Task Each_file_that_the_page_names_is_there_and_kept_for_good()
    {
        string[] addresses = await AddressesAsync();
        Assert.Contains(addresses, address => address.StartsWith("_framework/blazor.web.js?", StringComparison.Ordinal));
        Assert.Contains(addresses, address => address.StartsWith("_content/MudBlazor/MudBlazor.min.css?", StringComparison.Ordinal));
        Assert.True(addresses.Length >= 7, string.Join(", ", addresses));
        foreach (string address in addresses)
        {
            using HttpResponseMessage answer = await console.Http.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl?.ToString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?v=other")]
    public async Task Without_its_version_a_file_is_asked_for_again_each_time(string query)
    {
        using HttpResponseMessage answer = await console.Http.GetAsync(new Uri("assets/console.css" + query, UriKind.Relative));
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
        using HttpRequestMessage again = new(HttpMethod.Get, "assets/console.css") { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        using HttpResponseMessage same = await console.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task A_browser_that_takes_brotli_gets_it_under_a_tag_of_its_own()
    {
        byte[] plain = await console.Http.GetByteArrayAsync(new Uri("assets/theme.css", UriKind.Relative));
        using HttpRequestMessage request = new(HttpMethod.Get, "assets/theme.css") { Headers = { AcceptEncoding = { new("br") } } };
        using HttpResponseMessage answer = await console.Http.SendAsync(request);
        Assert.Equal(["br"], answer.Content.Headers.ContentEncoding);
        Assert.EndsWith("-br\"", answer.Headers.ETag!.Tag, StringComparison.Ordinal);
        await using BrotliStream brotli = new(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        await brotli.CopyToAsync(unpacked);
        Assert.Equal(plain, unpacked.ToArray());
    }

    [Fact]
    public async Task The_theme_has_both_palettes_and_no_markup()
    {
        string sheet = await console.Http.GetStringAsync(new Uri("assets/theme.css", UriKind.Relative));
        Assert.Equal(2, Regex.Count(sheet, "--mud-palette-background:"));
        Assert.Contains(":root[data-theme=dark]", sheet, StringComparison.Ordinal);
        Assert.DoesNotContain("<", sheet, StringComparison.Ordinal);
    }

    private async Task<string[]> AddressesAsync()
    {
        string page = await console.Http.GetStringAsync(new Uri("/", UriKind.Relative));
        IEnumerable<Match> links = Address().Matches(page);
        return [.. links.Select(link => WebUtility.HtmlDecode(link.Groups[1].Value))];
    }

    [GeneratedRegex("<(?:script|link)[^>]* (?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Address();
}
