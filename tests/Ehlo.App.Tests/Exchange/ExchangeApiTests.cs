using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Tests.Console;
using Xunit;

namespace Ehlo.App.Tests.Exchange;

/// <summary>Mail into the inbox and out of it, as files over HTTP.</summary>
public sealed class ExchangeApiTests : IClassFixture<ConsoleFixture>, IAsyncLifetime
{
    private const string Mbox = "application/mbox";

    private readonly ConsoleFixture _console;

    public ExchangeApiTests(ConsoleFixture console) => _console = console;

    public ValueTask InitializeAsync() => _console.Store.DeleteAllAsync(default);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task All_messages_of_an_mbox_come_in_with_envelopes_of_their_fields()
    {
        const string File = """
            From ann@example.org Wed Jul 1 02:34:56 2026
            Delivered-To: list@example.org
            From: Other <other@example.org>
            To: bob@example.org
            Subject: one

            >From the beginning
            ends

            From MAILER-DAEMON Wed Jul 1 02:34:56 2026
            Return-Path: <>
            To: carl@example.org, Dora <dora@example.org>
            Subject: two

            """;
        JsonElement answer = await ImportAsync(File, Mbox);
        Assert.Equal((2, 0), (answer.GetProperty("imported").GetInt32(), answer.GetProperty("skipped").GetInt32()));
        string[] ids = [.. answer.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];
        StoredMessage[] messages = [.. ids.Select(id => _console.Store.Find(id)!)];
        // No route of the fixture takes example.org.
        Assert.Equal(
            ["ann@example.org to list@example.org: one", " to carl@example.org,dora@example.org: two"],
            messages.Select(message => $"{message.From} to {string.Join(',', message.To)}: {message.Subject}"));
        Assert.EndsWith("\r\n\r\nFrom the beginning\r\nends\r\n", await ContentAsync(ids[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_left_out_and_said_and_the_rest_comes_in()
    {
        string large = new('x', 100_001);
        JsonElement answer = await ImportAsync($"From a\nSubject: 1\n\nFrom b\n{large}\n\nFrom c\na\rb\n\nFrom d\nSubject: 4\n", Mbox);
        Assert.Equal((2, 2), (answer.GetProperty("imported").GetInt32(), answer.GetProperty("skipped").GetInt32()));
        Assert.Equal(
            ["message 2: the message is larger than 100000 octets", "message 3: the message has a CR alone, which SMTP does not carry"],
            answer.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
    }

    [Fact]
    public async Task One_message_comes_in_as_it_is()
    {
        JsonElement answer = await ImportAsync("From: a@example.org\r\nSubject: one\r\n\r\nbody\r\n", "message/rfc822");
        string id = answer.GetProperty("ids")[0].GetString()!;
        Assert.Equal("From: a@example.org\r\nSubject: one\r\n\r\nbody\r\n", await ContentAsync(id));
        Assert.Equal(("a@example.org", 0), (_console.Store.Find(id)!.From, _console.Store.Find(id)!.To.Count));
    }

    [Fact]
    public async Task What_is_no_mbox_is_400_and_another_type_415()
    {
        (int status, string answer) = await PostAsync("Subject: x\n", Mbox);
        Assert.Equal(400, status);
        Assert.Contains("It is no mbox", answer, StringComparison.Ordinal);
        Assert.Equal(415, (await PostAsync("x", "text/plain")).Status);
    }

    [Fact]
    public async Task What_is_exported_comes_in_again_octet_for_octet_behind_its_trace_fields()
    {
        string[] contents = ["Subject: 1\r\n\r\nFrom me\r\n>From you\r\n\r\n", "Subject: 2\r\n\r\n\r\n.\r\n"];
        List<string> ids = [];
        foreach (string content in contents) ids.Add((await _console.AddAsync(ConsoleFixture.Message(), content)).Id);
        string mbox = await GetAsync($"/api/v1/export?format=mbox&ids={string.Join(',', ids)}");
        await _console.Store.DeleteAllAsync(default);
        JsonElement answer = await ImportAsync(mbox, Mbox);
        string[] back = [.. answer.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];
        for (int i = 0; i < contents.Length; i++)
        {
            string content = await ContentAsync(back[i]);
            Assert.StartsWith("Return-Path: <a@example.test>\r\nReceived: from client.example", content, StringComparison.Ordinal);
            Assert.EndsWith($"2026 12:34:56 +0000\r\n{contents[i]}", content, StringComparison.Ordinal);
            Assert.Equal("a@example.test", _console.Store.Find(back[i])!.From);
        }
    }

    [Fact]
    public async Task A_zip_has_an_eml_file_for_each_message()
    {
        string id = (await _console.AddAsync(ConsoleFixture.Message(), "Subject: x\r\n\r\nä\r\n")).Id;
        await _console.AddAsync(ConsoleFixture.Message("other mailbox") with { Mailbox = "other" });
        using HttpResponseMessage answer = await _console.Http.GetAsync(new Uri("/api/v1/export?format=zip&mailbox=inbox", UriKind.Relative));
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("messages.zip", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        using ZipArchive zip = new(await answer.Content.ReadAsStreamAsync());
        ZipArchiveEntry entry = zip.Entries.Single();
        Assert.Equal($"{id}.eml", entry.FullName);
        using StreamReader reader = new(entry.Open());
        Assert.EndsWith("\r\nSubject: x\r\n\r\nä\r\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public Task Another_format_is_400() => _console.AssertProblemAsync(400, HttpMethod.Get, "/api/v1/export?format=pst");

    private async Task<string> ContentAsync(string id)
    {
        using StreamReader reader = new(_console.Store.OpenContent(id)!);
        return await reader.ReadToEndAsync();
    }

    private Task<string> GetAsync(string path) => _console.Http.GetStringAsync(new Uri(path, UriKind.Relative));

    private async Task<JsonElement> ImportAsync(string file, string type)
    {
        (int status, string answer) = await PostAsync(file, type);
        Assert.Equal(200, status);
        return JsonDocument.Parse(answer).RootElement;
    }

    private async Task<(int Status, string Answer)> PostAsync(string file, string type)
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(file));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using HttpResponseMessage response = await _console.Http.PostAsync(new Uri("/api/v1/import", UriKind.Relative), content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
