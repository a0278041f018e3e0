using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using MimeKit;
using Xunit;

namespace Ehlo.App.Tests.Console;

/// <summary>Messages that are put into the inbox through the API.</summary>
public sealed class SendApiTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const string Json = "application/json";
    private const string Mail = "message/rfc822";

    [Fact]
    public async Task A_message_is_made_of_JSON_with_text_HTML_attachments_and_fields()
    {
        const string Body = """
            {
              "from": "Änn <ann@example.test>", "to": ["Bob <bob@example.test>"], "cc": ["carl@example.test"],
              "bcc": ["dora@example.test", "bob@example.test"], "subject": "Grüße", "text": "Hello\n", "html": "<b>Hello</b><img src='cid:logo'>",
              "attachments": [
                { "name": "a b.txt", "content": "aGVs bG8=" },
                { "name": "logo.png", "content": "iVBORw0K", "type": "image/png", "contentId": "logo" }
              ],
              "headers": { "X-Trial": "7", "Reply-To": "reply@example.test" }
            }
            """;
        (int status, string answer, Uri? place) = await SendAsync(Body, Json);
        Assert.Equal(201, status);
        string id = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString()!;
        Assert.Equal($"/api/v1/messages/{id}", place!.ToString());
        StoredMessage stored = console.Store.Find(id)!;
        Assert.Equal("ann@example.test", stored.From);
        Assert.Equal(["bob@example.test", "carl@example.test", "dora@example.test"], stored.To);
        Assert.Equal("Grüße", stored.Subject);
        using MimeMessage message = Read(id);
        Assert.Equal(("Änn", "bob@example.test", "carl@example.test", 0),
            (message.From[0].Name, message.To.Mailboxes.Single().Address, message.Cc.Mailboxes.Single().Address, message.Bcc.Count));
        Assert.Equal(("Hello\n", "7", "reply@example.test"), (message.TextBody, message.Headers["X-Trial"], message.Headers["Reply-To"]));
        Assert.Contains("<b>Hello</b>", message.HtmlBody, StringComparison.Ordinal);
        MimePart[] parts = [.. message.BodyParts.OfType<MimePart>().Where(part => part is not TextPart || part.IsAttachment)];
        Assert.Equal(["logo.png image/png logo", "a b.txt text/plain "],
            parts.Select(part => $"{part.FileName} {part.ContentType.MimeType} {part.ContentId}"));
        Assert.Contains($"<ann@example.test> to <bob@example.test>, <carl@example.test>, <dora@example.test>, {stored.Size} octets: stored as {id}",
            console.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ready_message_is_kept_as_it_is_with_CRLF_and_its_envelope_is_of_the_header()
    {
        const string Message = "From: Ann <ann@example.test>\nTo: bob@example.test\r\nCc: carl@example.test, bob@example.test\nSubject: x\n\nbody";
        (int status, string answer, _) = await SendAsync(Message, Mail);
        Assert.Equal(201, status);
        string id = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString()!;
        StoredMessage stored = console.Store.Find(id)!;
        Assert.Equal(("ann@example.test", "bob@example.test,carl@example.test", "x"), (stored.From, string.Join(',', stored.To), stored.Subject));
        using StreamReader reader = new(console.Store.OpenContent(id)!);
        Assert.Equal(Message.ReplaceLineEndings("\r\n") + "\r\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task The_query_beats_the_header_and_has_a_null_reverse_path()
    {
        (int status, string answer, _) = await SendAsync("From: a@example.test\n\n", Mail, "?from=&to=x@example.test,%20postmaster");
        Assert.Equal(422, status);
        Assert.Contains("to: <Postmaster>: 550 5.7.1", answer, StringComparison.Ordinal);
        (status, answer, _) = await SendAsync("From: a@example.test\n\n", Mail, "?from=&to=x@example.test");
        Assert.Equal(201, status);
        Assert.Equal("", console.Store.Find(JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString()!)!.From);
    }

    [Theory]
    [InlineData("""{"to":["b@example.test"]}""", "from: is missing")]
    [InlineData("""{"from":"a","to":["b@example.test"]}""", "from: a is not an address")]
    [InlineData("""{"from":"a@example.test"}""", "to: there is no recipient: to, cc and bcc are empty")]
    [InlineData("""{"from":"a@example.test","to":["b@example.test","c"]}""", "to[1]: c is not an address")]
    [InlineData("""{"from":"a@example.test","to":["b@x.test"],"subject":"a\r\nBcc: c@x.test"}""",
        "subject: must be one line without control characters")]
    [InlineData("""{"from":"a@example.test","to":["b@x.test"],"headers":{"X-A":"a\nb"}}""",
        "headers.X-A: must be one line without control characters")]
    [InlineData("""{"from":"a@example.test","to":["b@x.test"],"headers":{"X A":"a"}}""", "headers.X A: is not the name of a field")]
    [InlineData("""{"from":"a@example.test","to":["b@x.test"],"attachments":[{"name":"a","content":"?"}]}""",
        "attachments[0].content: is not base64")]
    [InlineData("""{"from":"a@example.test","to":["b@x.test"],"attachments":[{"name":"a\nb","content":""}]}""",
        "attachments[0].name: must be one line without control characters")]
    [InlineData("""{"from":"a@example.test","to":["b@x.test"],"tags":["a","<b>"]}""", "tags[1]: must be 1 to 64 letters")]
    [InlineData("""{"from":"a@example.test","to":["b@x.test"],"sujet":"x"}""", "sujet: unknown key")]
    [InlineData("""{"from":"a@example.test","to":["1@x.test","2@x.test","3@x.test","4@x.test","5@x.test","6@x.test"]}""",
        "to: there are more than 5 recipients")]
    [InlineData("""{"from":"\ud800@example.test","to":["b@x.test"]}""", "The body: ")]
    [InlineData("[]", "The body: must be one JSON object")]
    public async Task What_is_wrong_with_JSON_is_400_and_named(string body, string detail) => await AssertRefusedAsync(400, detail, body, Json);

    [Theory]
    [InlineData(400, "to: there is no recipient", "From: a@example.test\n\n", "")]
    [InlineData(400, "from: the header has none", "To: a@example.test\n\n", "")]
    [InlineData(400, "to: is not a list of addresses", "From: a@example.test\n\n", "?to=a@x.test,b")]
    [InlineData(400, "from: is not an address", "x", "?from=a&to=a@x.test")]
    [InlineData(400, "the message is empty", "", "?from=a@x.test&to=a@x.test")]
    [InlineData(400, "the message has a CR alone, which SMTP does not carry", "a\rb", "?from=a@x.test&to=a@x.test")]
    [InlineData(400, "the message has a CR alone, which SMTP does not carry", "a\r", "?from=a@x.test&to=a@x.test")]
    [InlineData(422, "to: <a@example.org>: 550 5.7.1 No route for this recipient here, relaying denied", "x", "?from=a@x.test&to=a@example.org")]
    [InlineData(422, "to: <nobody@x.test>: 550 5.1.1 No such user", "x", "?from=a@x.test&to=a@x.test,nobody@x.test")]
    public async Task What_is_wrong_with_a_message_is_named(int status, string detail, string body, string query) =>
        await AssertRefusedAsync(status, detail, body, Mail, query);

    [Fact]
    public async Task A_message_has_the_limit_of_SMTP_with_its_line_ends_mended()
    {
        const string Query = "?from=a@x.test&to=a@x.test";
        string lines = new('\n', 50_000);
        Assert.Equal(201, (await SendAsync(lines, Mail, Query)).Status);
        await AssertRefusedAsync(413, "the message is larger than 100000 octets", lines + "\n", Mail, Query);
        await AssertRefusedAsync(413, "Request body too large", new string('x', 100_001), Mail, Query);
        string large = Convert.ToBase64String(new byte[90_000]);
        await AssertRefusedAsync(413, "the message is larger than 100000 octets",
            $$"""{"from":"a@x.test","to":["b@x.test"],"attachments":[{"name":"a","content":"{{large}}"}]}""", Json);
    }

    [Fact]
    public async Task A_header_too_long_to_look_into_wants_an_envelope()
    {
        string message = $"From: a@x.test\nX-Long: {new string('x', 20_000)}\nTo: b@x.test\n\n";
        await AssertRefusedAsync(400, "the header is too long to look for the envelope in; give from and to in the query", message, Mail);
        Assert.Equal(201, (await SendAsync(message, Mail, "?from=a@x.test&to=b@x.test")).Status);
    }

    [Fact]
    public async Task What_is_to_be_discarded_is_taken_and_has_no_id()
    {
        (int status, string answer, _) = await SendAsync("""{"from":"a@x.test","to":["drop@x.test"]}""", Json);
        Assert.Equal((200, """{"id":null}"""), (status, answer));
    }

    [Fact]
    public async Task Another_type_is_415_and_a_query_beside_JSON_is_400()
    {
        Assert.Equal(415, (await SendAsync("x", "text/plain")).Status);
        await AssertRefusedAsync(400, "from and to of the query are for message/rfc822; JSON has its own", "{}", Json, "?to=a@x.test");
    }

    [Fact]
    public async Task A_page_of_another_site_sends_nothing() =>
        await console.AssertProblemAsync(403, HttpMethod.Post, "/api/v1/send", ("Origin", "http://evil.example"));

    private static IEnumerable<string> Cut(string text, int size) => text.Chunk(size).Select(part => new string(part));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Line_ends_are_mended_however_they_are_cut(int size)
    {
        using ContentWriter writer = console.Store.BeginContent();
        using Posting.PostedContent content = new(writer, 1000);
        foreach (string part in Cut("a\n\nb\r\n\r\nc\n\r\nd", size)) content.Append(Encoding.Latin1.GetBytes(part));
        content.Complete();
        Assert.Equal("a\r\n\r\nb\r\n\r\nc\r\n\r\nd\r\n", Encoding.Latin1.GetString(writer.Held.Span));
    }

    private async Task AssertRefusedAsync(int status, string detail, string body, string type, string query = "")
    {
        int before = console.Store.List(500, null).Count;
        (int actual, string answer, _) = await SendAsync(body, type, query);
        JsonElement problem = JsonDocument.Parse(answer).RootElement;
        Assert.StartsWith(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, actual);
        Assert.Equal(before, console.Store.List(500, null).Count);
    }

    private MimeMessage Read(string id)
    {
        using Stream content = console.Store.OpenContent(id)!;
        return MimeMessage.Load(content);
    }

    private async Task<(int Status, string Answer, Uri? Place)> SendAsync(string body, string type, string query = "")
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using HttpResponseMessage response = await console.Http.PostAsync(new Uri("/api/v1/send" + query, UriKind.Relative), content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location);
    }
}
