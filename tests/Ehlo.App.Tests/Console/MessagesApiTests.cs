using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class MessagesApiTests : IClassFixture<ConsoleFixture>, IAsyncLifetime
{
    private const string Messages = "/api/v1/messages";

    private readonly ConsoleFixture _console;

    public MessagesApiTests(ConsoleFixture console) => _console = console;

    public ValueTask InitializeAsync() => _console.Store.DeleteAllAsync(default);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_empty_inbox_is_an_empty_list() =>
        Assert.Equal(
            """{"messages":[],"next":null,"total":0,"unread":0,"isIndexBehind":false}""",
            await _console.Http.GetStringAsync(new Uri(Messages, UriKind.Relative)));

    [Theory]
    [InlineData("?limit=many", "\"many\" is not a value of limit.")]
    [InlineData("/wait?timeout=5s", "\"5s\" is not a value of timeout.")]
    public async Task A_parameter_that_cannot_be_read_is_named(string query, string detail)
    {
        using HttpResponseMessage response = await _console.Http.GetAsync(new Uri(Messages + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(detail, problem.RootElement.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/content")]
    [InlineData("/eml")]
    public async Task HEAD_is_GET_without_the_body(string part)
    {
        StoredMessage stored = await _console.AddAsync(ConsoleFixture.Message());
        Uri address = new($"{Messages}/{stored.Id}{part}", UriKind.Relative);
        using HttpResponseMessage get = await _console.Http.GetAsync(address);
        using HttpRequestMessage request = new(HttpMethod.Head, address);
        using HttpResponseMessage head = await _console.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_content_comes_with_its_length()
    {
        StoredMessage stored = await _console.AddAsync(ConsoleFixture.Message());
        Uri address = new($"{Messages}/{stored.Id}/content", UriKind.Relative);
        using HttpResponseMessage answer = await _console.Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(stored.Size, answer.Content.Headers.ContentLength);
        Assert.NotEqual(true, answer.Headers.TransferEncodingChunked);
    }

    [Fact]
    public async Task A_message_has_the_fields_of_the_contract()
    {
        StoredMessage message = ConsoleFixture.Message("Grüße", "", "b@x", "c@x", "b@x") with
        {
            Tls = new TlsFacts("TLS 1.3", "TLS_AES_256_GCM_SHA384", "mx.example", null),
            Identity = "app",
            Session = 2,
        };
        StoredMessage stored = await _console.AddAsync(message, "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n");
        string json = (await _console.GetJsonAsync($"{Messages}/{stored.Id}")).GetRawText();
        Assert.Equal(
            $$$"""
            {"id":"{{{stored.Id}}}","receivedAt":"2026-07-01T12:34:56Z","size":40,"subject":"Grüße",
            "envelope":{"from":"","to":["b@x","c@x","b@x"],"mailParameters":{"SIZE":"100","SMTPUTF8":null},"rcptParameters":[{},{},{}]},
            "hello":{"verb":"EHLO","name":"client.example"},
            "tls":{"protocol":"TLS 1.3","cipher":"TLS_AES_256_GCM_SHA384","serverName":"mx.example","clientCertificate":null},
            "identity":"app","connection":"c1","session":2,"mailbox":"Inbox","isRead":false,"tags":[],
            "dialogue":[{"at":"1970-01-01T00:00:00Z","from":"server","line":"220 mx"},
            {"at":"1970-01-01T00:00:00Z","from":"client","line":"EHLO <x>"}]}
            """.ReplaceLineEndings(""),
            json);
    }

    [Fact]
    public async Task A_message_in_clear_and_without_login_has_both_as_null()
    {
        StoredMessage stored = await _console.AddAsync(ConsoleFixture.Message());
        JsonElement json = await _console.GetJsonAsync($"{Messages}/{stored.Id}");
        Assert.Equal(JsonValueKind.Null, json.GetProperty("tls").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("identity").ValueKind);
    }

    [Fact]
    public async Task A_list_is_newest_first_in_pages_and_without_dialogues()
    {
        List<string> ids = [];
        for (int i = 0; i < 5; i++)
        {
            ids.Insert(0, (await _console.AddAsync(ConsoleFixture.Message($"{i}"))).Id);
        }
        List<string> listed = [];
        string query = "?limit=2";
        int pages = 0;
        while (true)
        {
            JsonElement page = await _console.GetJsonAsync(Messages + query);
            pages++;
            foreach (JsonElement message in page.GetProperty("messages").EnumerateArray())
            {
                Assert.False(message.TryGetProperty("dialogue", out _));
                listed.Add(message.GetProperty("id").GetString()!);
            }
            if (page.GetProperty("next").GetString() is not { } next)
            {
                break;
            }
            query = $"?limit=2&after={next}";
        }
        Assert.Equal(3, pages);
        Assert.Equal(ids, listed);
        Assert.Equal(JsonValueKind.Null, (await _console.GetJsonAsync($"{Messages}?limit=5")).GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Content_is_the_octets_as_received()
    {
        string content = "Subject: x\r\n\r\n\0\u00ff.\r\n";
        StoredMessage stored = await _console.AddAsync(ConsoleFixture.Message(), content);
        using HttpResponseMessage response = await _console.Http.GetAsync(new Uri($"{Messages}/{stored.Id}/content", UriKind.Relative));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Encoding.UTF8.GetBytes(content), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_eml_has_its_trace_fields_before_the_content()
    {
        StoredMessage stored = await _console.AddAsync(ConsoleFixture.Message(), "Subject: x\r\n\r\nbody\r\n");
        using HttpResponseMessage response = await _console.Http.GetAsync(new Uri($"{Messages}/{stored.Id}/eml", UriKind.Relative));
        Assert.Equal("message/rfc822", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        string eml = await response.Content.ReadAsStringAsync();
        Assert.Equal(eml.Length, response.Content.Headers.ContentLength);
        Assert.Equal(
            "Return-Path: <a@example.test>\r\n"
            + "Received: from client.example ([192.0.2.7])\r\n"
            + $"\tby mx.example with ESMTP id {stored.Id}\r\n"
            + "\tfor <you@example.test>;\r\n"
            + "\tWed, 01 Jul 2026 12:34:56 +0000\r\n"
            + "Subject: x\r\n\r\nbody\r\n",
            eml);
    }

    [Fact]
    public async Task Deleting_one_leaves_the_others()
    {
        StoredMessage first = await _console.AddAsync(ConsoleFixture.Message("1"));
        StoredMessage second = await _console.AddAsync(ConsoleFixture.Message("2"));
        await DeleteAsync($"{Messages}/{first.Id}");
        await _console.AssertProblemAsync(404, HttpMethod.Get, $"{Messages}/{first.Id}");
        await _console.AssertProblemAsync(404, HttpMethod.Delete, $"{Messages}/{first.Id}");
        Assert.Equal("2", (await _console.GetJsonAsync($"{Messages}/{second.Id}")).GetProperty("subject").GetString());
    }

    [Fact]
    public async Task Deleting_all_leaves_none()
    {
        await _console.AddAsync(ConsoleFixture.Message());
        await DeleteAsync(Messages);
        Assert.Equal(0, (await _console.GetJsonAsync(Messages)).GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Wait_answers_at_once_with_the_newest_that_matches_all_parts_without_case()
    {
        await _console.AddAsync(ConsoleFixture.Message("Your order 17", "shop@example.test", "ann@example.test", "bob@example.test"));
        StoredMessage newest = await _console.AddAsync(ConsoleFixture.Message("Your order 18", "shop@example.test", "bob@example.test"));
        await _console.AddAsync(ConsoleFixture.Message("Other", "shop@example.test", "bob@example.test"));
        JsonElement found = await _console.GetJsonAsync($"{Messages}/wait?to=BOB@&from=Shop&subject=ORDER&timeout=0");
        Assert.Equal(newest.Id, found.GetProperty("id").GetString());
        Assert.Equal(2, found.GetProperty("dialogue").GetArrayLength());
    }

    [Fact]
    public async Task Wait_answers_as_soon_as_a_message_matches()
    {
        Task<JsonElement> waiting = _console.GetJsonAsync($"{Messages}/wait?subject=late&timeout=60");
        await _console.AddAsync(ConsoleFixture.Message("Something else"));
        Assert.False(waiting.IsCompleted);
        StoredMessage stored = await _console.AddAsync(ConsoleFixture.Message("Late news"));
        Assert.Equal(stored.Id, (await waiting).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Wait_gives_up_with_408()
    {
        await _console.AddAsync(ConsoleFixture.Message());
        long start = Stopwatch.GetTimestamp();
        await _console.AssertProblemAsync(408, HttpMethod.Get, $"{Messages}/wait?subject=never&timeout=0.2");
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.1, 20);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=501")]
    [InlineData("?limit=-1")]
    [InlineData("?limit=many")]
    [InlineData("?limit=1&limit=2")]
    [InlineData("?size=1")]
    [InlineData("/wait?timeout=-1")]
    [InlineData("/wait?timeout=301")]
    [InlineData("/wait?timeout=soon")]
    [InlineData("/wait?timeout=NaN")]
    [InlineData("/wait?form=a")]
    public Task A_bad_query_is_400(string query) => _console.AssertProblemAsync(400, HttpMethod.Get, Messages + query);

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/content")]
    [InlineData("/nothing/content")]
    [InlineData("/nothing/eml")]
    [InlineData("/..%2f..%2fetc%2fpasswd")]
    [InlineData("/'%20or%201=1--")]
    public Task An_unknown_id_is_404(string path) => _console.AssertProblemAsync(404, HttpMethod.Get, Messages + path);

    [Fact]
    public Task An_unknown_path_is_404() => _console.AssertProblemAsync(404, HttpMethod.Get, "/api/v2");

    [Fact]
    public Task A_method_that_is_not_there_is_405() => _console.AssertProblemAsync(405, HttpMethod.Put, Messages);

    [Fact]
    public async Task The_OpenAPI_document_describes_each_operation()
    {
        JsonElement paths = (await _console.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
        string[] described =
        [
            .. from path in paths.EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where operation.Value.GetProperty("summary").GetString()!.Length > 10
               select $"{operation.Name} {path.Name}",
        ];
        // What is mapped under /api, whoever mapped it.
        string[] mapped =
        [
            .. from endpoint in _console.Endpoints
               let path = "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace(":int}", "}", StringComparison.Ordinal)
               where path.StartsWith("/api/", StringComparison.Ordinal)
               from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
               select $"{method.ToLowerInvariant()} {path}",
        ];
        Assert.True(mapped.Length >= 10);
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    private async Task DeleteAsync(string path)
    {
        using HttpResponseMessage response = await _console.Http.DeleteAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }
}
