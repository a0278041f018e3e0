using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Interop.Tests.Server;

/// <summary>The program's HTTP API.</summary>
public sealed class Inbox(Uri address) : IDisposable
{
    // How long the program may take to show a message that its client has already been promised.
    private const int WaitSeconds = 30;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(WaitSeconds + 30) };

    /// <summary>The message to this recipient, with its dialogue, as soon as it is there.</summary>
    public async Task<StoredMessage> WaitAsync(string recipient)
    {
        string query = $"/api/v1/messages/wait?to={Uri.EscapeDataString(recipient)}&timeout={WaitSeconds}";
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(query, UriKind.Relative));
        if (answer.StatusCode == HttpStatusCode.RequestTimeout)
        {
            Assert.Fail($"Awaited a message to {recipient}; none was stored within {WaitSeconds} s.");
        }
        StoredMessage message = await ReadAsync<StoredMessage>(answer);
        return await GetAsync(message.Id);
    }

    public async Task<StoredMessage> GetAsync(string id)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri($"/api/v1/messages/{id}", UriKind.Relative));
        return await ReadAsync<StoredMessage>(answer);
    }

    /// <summary>The exact octets of the content.</summary>
    public async Task<byte[]> ContentAsync(string id)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri($"/api/v1/messages/{id}/content", UriKind.Relative));
        await ExpectSuccessAsync(answer);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public async Task<string> TextAsync(string path)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        await ExpectSuccessAsync(answer);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>All messages to this recipient in the order of their arrival, from as many pages as there are.</summary>
    public async Task<IReadOnlyList<StoredMessage>> AllToAsync(string recipient)
    {
        List<StoredMessage> found = [];
        string? after = null;
        do
        {
            string query = "/api/v1/messages?limit=200" + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(query, UriKind.Relative));
            MessagePage page = await ReadAsync<MessagePage>(answer);
            found.AddRange(page.Messages.Where(message => message.Envelope.To.Contains(recipient)));
            Assert.NotEqual(after ?? "", page.Next);
            after = page.Next;
        }
        while (after is not null);
        found.Reverse();
        return found;
    }

    public void Dispose() => _http.Dispose();

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
    {
        await ExpectSuccessAsync(answer);
        T? value = await answer.Content.ReadFromJsonAsync<T>(Json);
        Assert.NotNull(value);
        return value;
    }

    private static async Task ExpectSuccessAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            string body = await answer.Content.ReadAsStringAsync();
            Assert.Fail($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}: {body}");
        }
    }
}
