using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.InboxClient;

/// <summary>
/// A client of the HTTP API of <c>ehlo serve</c>. Thread-safe; make one and keep it. Every method throws <see cref="InboxApiException"/> where the
/// server refuses, and <see cref="HttpRequestException"/> where it cannot be reached.
/// </summary>
public sealed class InboxApiClient : IDisposable
{
    // The longest wait of the API, and a while for the answer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly HttpClient _http;
    private readonly bool _isOwn;

    /// <summary>A client of its own connections.</summary>
    /// <param name="address">Where the console is, as http://127.0.0.1:8025 or https://mail.example.org/base.</param>
    /// <param name="credential">The user, where the server wants one.</param>
    public InboxApiClient(Uri address, NetworkCredential? credential = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _isOwn = true;
        _http = new HttpClient { BaseAddress = WithSlash(address), Timeout = Patience };
        if (credential is null) return;
        string login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}"));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", login);
    }

    /// <summary>A client over connections that somebody else has.</summary>
    /// <param name="http">Its base address ends with a slash, and its time-out is longer than any wait. It is not disposed here.</param>
    public InboxApiClient(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http);
        _http = http;
    }

    /// <summary>Closes the connections, where they are its own.</summary>
    public void Dispose()
    {
        if (_isOwn) _http.Dispose();
    }

    /// <summary>A page of the messages, newest first, without dialogues.</summary>
    public Task<InboxPage> ListAsync(InboxListQuery? query = null, CancellationToken cancellationToken = default)
    {
        query ??= new();
        string limit = query.Limit.ToString(CultureInfo.InvariantCulture);
        string path = Path("messages", ("limit", limit), ("after", query.After), ("mailbox", query.Mailbox), ("query", query.Search));
        return GetAsync(path, InboxJson.Default.InboxPage, cancellationToken);
    }

    /// <summary>The message with its dialogue; null where there is none of that id.</summary>
    public async Task<InboxMessage?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage answer = await _http.GetAsync(Message(id), cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode is HttpStatusCode.NotFound) return null;
        return await ReadAsync(answer, InboxJson.Default.InboxMessage, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The content, octet for octet as it was received.</summary>
    public async Task<byte[]> GetContentAsync(string id, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage answer = await _http.GetAsync(Message(id, "/content"), cancellationToken).ConfigureAwait(false);
        await CheckAsync(answer, cancellationToken).ConfigureAwait(false);
        return await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The newest message that matches: at once where it is there, else as soon as it comes. Give each test a recipient of its own.
    /// </summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public async Task<InboxMessage> WaitAsync(InboxWait wait, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wait);
        string path = Path(
            "messages/wait",
            ("to", wait.To),
            ("from", wait.From),
            ("subject", wait.Subject),
            ("mailbox", wait.Mailbox),
            ("timeout", wait.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)));
        using HttpResponseMessage answer = await _http.GetAsync(path, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode is HttpStatusCode.RequestTimeout)
            throw new TimeoutException($"No message came within {wait.Timeout} that matches {wait}.");
        return await ReadAsync(answer, InboxJson.Default.InboxMessage, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// What happens from now on, until the server stops or the token. Where something was missed, <see cref="InboxEventKind.ReadAnew"/> says so.
    /// </summary>
    public async IAsyncEnumerable<InboxEvent> ListenAsync(
        string? mailbox = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage answer = await _http.GetAsync(
            Path("events", ("mailbox", mailbox)), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await CheckAsync(answer, cancellationToken).ConfigureAwait(false);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        string name = "";
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            // The server writes each event's data as one line.
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && ReadEvent(name, line["data: ".Length..]) is { } read) yield return read;
        }
    }

    /// <summary>Deletes one message; false where there is none of that id.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage answer = await _http.DeleteAsync(Message(id), cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode is HttpStatusCode.NotFound) return false;
        await CheckAsync(answer, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Deletes all messages, or all of a mailbox.</summary>
    public async Task DeleteAllAsync(string? mailbox = null, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage answer = await _http.DeleteAsync(Path("messages", ("mailbox", mailbox)), cancellationToken).ConfigureAwait(false);
        await CheckAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Marks a message as read or unread, and gives or takes tags; what is null stays. The message as it is then.</summary>
    public Task<InboxMessage> EditAsync(
        string id,
        bool? isRead = null,
        IReadOnlyList<string>? addTags = null,
        IReadOnlyList<string>? removeTags = null,
        CancellationToken cancellationToken = default) => SendAsync(
            HttpMethod.Patch,
            Message(id),
            JsonContent.Create(new EditBody(isRead, addTags, removeTags), InboxJson.Default.EditBody),
            InboxJson.Default.InboxMessage,
            cancellationToken);

    /// <summary>Puts a message into the inbox, as if it had come by SMTP. Its id; null where routes discard it.</summary>
    public async Task<string?> SendAsync(InboxOutgoing message, CancellationToken cancellationToken = default) => (await SendAsync(
        HttpMethod.Post,
        Path("send"),
        JsonContent.Create(message, InboxJson.Default.InboxOutgoing),
        InboxJson.Default.SentBody,
        cancellationToken).ConfigureAwait(false)).Id;

    /// <summary>Sends a message on to the real server of the configuration: to its own recipients, or to these.</summary>
    public async Task<IReadOnlyList<InboxReleaseResult>> ReleaseAsync(
        string id, IReadOnlyList<string>? recipients = null, CancellationToken cancellationToken = default) => (await SendAsync(
            HttpMethod.Post,
            Message(id, "/release"),
            recipients is null ? null : JsonContent.Create(new ReleaseBody(recipients), InboxJson.Default.ReleaseBody),
            InboxJson.Default.ReleaseAnswer,
            cancellationToken).ConfigureAwait(false)).Recipients;

    /// <summary>The failures that are in force.</summary>
    public async Task<IReadOnlyList<InboxFault>> GetFaultsAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync(Path("faults"), InboxJson.Default.FaultsBody, cancellationToken).ConfigureAwait(false)).Faults;

    /// <summary>Puts these failures in the place of all there are; none switches them off.</summary>
    public Task ReplaceFaultsAsync(IReadOnlyList<InboxFault> faults, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Put,
        Path("faults"),
        JsonContent.Create(new FaultsBody(faults), InboxJson.Default.FaultsBody),
        InboxJson.Default.FaultsBody,
        cancellationToken);

    private static InboxEvent? ReadEvent(string name, string data) => name switch
    {
        "added" => new(InboxEventKind.Added) { Message = JsonSerializer.Deserialize(data, InboxJson.Default.InboxMessage) },
        "changed" => new(InboxEventKind.Changed) { Ids = JsonSerializer.Deserialize(data, InboxJson.Default.IdsBody)!.Ids },
        "deleted" when JsonSerializer.Deserialize(data, InboxJson.Default.IdsBody) is { } ids =>
            new(InboxEventKind.Deleted) { Ids = ids.Ids, IsAll = ids.All },
        "read-anew" => new(InboxEventKind.ReadAnew),
        _ => null, // Of a newer server.
    };

    private static string Message(string id, string part = "") => $"{Path("messages")}/{Uri.EscapeDataString(id)}{part}";

    private static string Path(string path, params (string Name, string? Value)[] query)
    {
        string[] given = [.. query.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}")];
        return $"api/v1/{path}{(given.Length == 0 ? "" : "?" + string.Join('&', given))}";
    }

    // A base without a slash at its end loses its last step.
    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await CheckAsync(answer, cancellationToken).ConfigureAwait(false);
        return await answer.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)
            ?? throw new InboxApiException(answer.StatusCode, "The answer is empty.");
    }

    private static async Task CheckAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode) return;
        string message = $"The server answered {(int)answer.StatusCode}.";
        if (answer.Content.Headers.ContentType?.MediaType is "application/problem+json"
            && await answer.Content.ReadFromJsonAsync(InboxJson.Default.ProblemBody, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            message = problem.Detail ?? problem.Title ?? message;
        }
        throw new InboxApiException(answer.StatusCode, message);
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await _http.GetAsync(path, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(answer, type, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        using HttpResponseMessage answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(answer, type, cancellationToken).ConfigureAwait(false);
    }
}
