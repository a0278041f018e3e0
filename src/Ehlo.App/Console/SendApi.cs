using System;
using System.Buffers;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Net.Mime;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Posting;
using Ehlo.App.Send;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using MimeKit;

namespace Ehlo.App.Console;

/// <summary>Puts a message into the inbox, as if it had come by SMTP.</summary>
internal sealed class SendApi(MessagePost post, TimeProvider time)
{
    private const string MessageType = "message/rfc822";

    // Held in memory with what is made of it, some six times over; larger messages come as message/rfc822, which is not held.
    private const int MaxJsonOctets = 32 << 20;

    // At once; others wait. Two of the largest take some 400 MiB.
    private const int MaxJsonBodies = 2;

    private static readonly SemaphoreSlim JsonBodies = new(MaxJsonBodies);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/send", SendAsync).WithTags("Messages").WithName("SendMessage")
        .WithSummary("Puts a message into the inbox, by the routes and within the limits of SMTP.")
        .WithDescription("JSON of which a message is made, or message/rfc822 as it is, whose envelope is of the query or of its header. "
            + "Nothing is sent to anybody.")
        .Accepts<SendRequest>(MediaTypeNames.Application.Json, MessageType)
        .Produces<SendAnswer>(StatusCodes.Status201Created).Produces<SendAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status507InsufficientStorage)
        .AddEndpointFilter(new QueryFilter("from", "to"));

    private async Task<IResult> SendAsync(
        HttpContext http,
        [Description("Of message/rfc822: the reverse-path, \"\" for the null one; else it is that of the header.")] string? from,
        [Description("Of message/rfc822: the recipients, with commas between; else they are those of the header.")] string? to)
    {
        bool isJson = IsJson(http.Request);
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = isJson ? MaxJsonOctets : post.MaxOctets;
        try
        {
            using PostedContent content = post.BeginContent();
            Posting.Posting posting = isJson ? await ReadJsonAsync(http, content, from ?? to) : await ReadMessageAsync(http, content, from, to);
            StoredMessage? message = await post.AddAsync(posting, content, http.RequestAborted);
            return message is null
                ? TypedResults.Ok(new SendAnswer(null))
                : TypedResults.Created($"{http.Request.PathBase}/api/v1/messages/{message.Id}", new SendAnswer(message.Id));
        }
        catch (PostException exception)
        {
            return Problems.Of(exception);
        }
        catch (Exception exception) when (exception is InboxException or InboxFullException)
        {
            return Problems.OfStore(exception);
        }
    }

    private async Task<Posting.Posting> ReadJsonAsync(HttpContext http, PostedContent content, string? query)
    {
        if (query is not null) throw Malformed("from and to of the query are for message/rfc822; JSON has its own");
        await JsonBodies.WaitAsync(http.RequestAborted);
        try
        {
            using MemoryStream body = new();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            MadeMessage message = Read(body.GetBuffer().AsMemory(0, (int)body.Length), out IReadOnlyList<string> tags);
            content.Append(message.Render().Octets(1));
            return Describe(http, message.Parties.ReversePath, message.Parties.Recipients) with { Tags = tags };
        }
        finally
        {
            JsonBodies.Release();
        }
    }

    private MadeMessage Read(ReadOnlyMemory<byte> body, out IReadOnlyList<string> tags)
    {
        List<string> problems = [];
        try
        {
            SectionReader root = new(ConfigurationTree.Parse(body, "The body", problems), "", problems);
            if (new SendReader(problems, post.MaxRecipients, time.GetUtcNow()).Read(root, out tags) is { } message) return message;
        }
        catch (ConfigurationException exception)
        {
            problems.AddRange(exception.Problems);
        }
        throw Malformed(Problems.Joined(problems));
    }

    private static async Task<Posting.Posting> ReadMessageAsync(HttpContext http, PostedContent content, string? from, string? to)
    {
        if (!MessageType.Equals(TypeOf(http.Request), StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException($"The body must be application/json or {MessageType}.", StatusCodes.Status415UnsupportedMediaType);
        await content.AppendAsync(http.Request.Body, http.RequestAborted);
        if ((from is null || to is null) && content.IsHeaderCut)
            throw Malformed("the header is too long to look for the envelope in; give from and to in the query");
        HeaderList? fields = from is null || to is null ? content.Fields() : null;
        return Describe(
            http,
            HeaderEnvelope.ReversePath(from, fields) ?? throw Malformed(from is null ? "from: the header has none" : "from: is not an address"),
            HeaderEnvelope.Recipients(to, fields) ?? throw Malformed("to: is not a list of addresses"));
    }

    private static Posting.Posting Describe(HttpContext http, ReversePath from, IEnumerable<ForwardPath> to) => new()
    {
        From = from,
        // Somebody named twice, as in to and cc, gets it once.
        To = [.. to.Distinct()],
        Source = "api",
        Identity = http.User.Identity?.Name,
        PeerAddress = http.Connection.RemoteIpAddress?.ToString() ?? "",
        Connection = http.Connection.Id,
    };

    private static bool IsJson(HttpRequest request) =>
        MediaTypeNames.Application.Json.Equals(TypeOf(request), StringComparison.OrdinalIgnoreCase);

    private static string? TypeOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) ? type.MediaType.Value : null;

    private static PostException Malformed(string detail) => new(PostFault.Malformed, detail);
}
