using System;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Ehlo.App.Console;

/// <summary>The API to what a message is made of: its parts, bodies and header.</summary>
internal sealed class MimeApi(InboxStore store, MessageMime messages)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api/v1/messages/{id}").WithTags("Messages");
        api.MapGet("/mime", GetMimeAsync).WithName("GetMessageMime").WithSummary("The tree of the message's parts.")
            .Produces<MimeModel>().ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
        api.MapGet("/parts/{number:int}", GetPartAsync).WithName("GetMessagePart")
            .WithSummary("The content of one part, decoded, as a file to save.")
            .WithDescription(
                "Its type is the part's own for PNG, JPEG, GIF and WebP images that are what they say; for all else it is application/octet-stream.")
            .Produces<Stream>(contentType: PartFile.OctetStream).ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
        api.MapGet("/text", GetTextAsync).WithName("GetMessageText").WithSummary("The text/plain body, decoded, in UTF-8.")
            .Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
        api.MapGet("/html", GetHtmlAsync).WithName("GetMessageHtml")
            .WithSummary(
                "The text/html body for a frame: without scripts, forms and frames, its own images within it, under a policy that lets nothing run.")
            .Produces<string>(contentType: "text/html").ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter("remote"));
        api.MapGet("/headers", GetHeadersAsync).WithName("GetMessageHeaders").WithSummary("The message's header fields, decoded and as sent.")
            .Produces<HeaderModel>().ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
        api.MapGet("/source", GetSource).WithName("GetMessageSource").WithSummary("The content as text, for a browser to show.")
            .Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
    }

    private async Task<IResult> GetMimeAsync(string id, CancellationToken cancellationToken) =>
        await messages.ReadAsync(id, cancellationToken) is { } mime ? TypedResults.Ok(MimeModel.From(mime)) : Problems.NoSuchMessage(id);

    private async Task<IResult> GetHeadersAsync(string id, CancellationToken cancellationToken) =>
        await messages.ReadAsync(id, cancellationToken) is { } mime
            ? TypedResults.Ok(new HeaderModel([.. mime.Header.Select(field => new HeaderFieldModel(field.Name, field.Value, field.Raw))], mime.Notes))
            : Problems.NoSuchMessage(id);

    private async Task<IResult> GetPartAsync(string id, int number, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await messages.ReadAsync(id, cancellationToken) is not { } mime)
        {
            return Problems.NoSuchMessage(id);
        }
        if (number < 0 || number >= mime.Parts.Count)
        {
            return Problems.Of(StatusCodes.Status404NotFound, $"The message has no part {number}.");
        }
        StoredPart part = mime.Parts[number];
        string type = await PartFile.TypeAsync(messages, id, part, cancellationToken);
        if (messages.Open(id, part) is not { } stream)
        {
            return Problems.NoSuchMessage(id);
        }
        // A browser saves it, whatever the sender called it; for an image of a page of ours the disposition means nothing.
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = PartFile.NameOf(part) }.ToString();
        return TypedResults.Stream(stream, type);
    }

    private async Task<IResult> GetTextAsync(string id, CancellationToken cancellationToken)
    {
        if (await messages.ReadAsync(id, cancellationToken) is not { } mime)
        {
            return Problems.NoSuchMessage(id);
        }
        return mime.Text is { } part && await messages.ReadTextAsync(id, part, messages.Limits.TextOctets, cancellationToken) is { } text
            ? TypedResults.Text(text.IsCut ? $"{text.Text}\n[…]\n" : text.Text, "text/plain", Encoding.UTF8)
            : Problems.Of(StatusCodes.Status404NotFound, "The message has no text/plain body.");
    }

    private async Task<IResult> GetHtmlAsync(
        string id,
        [Description("Whether images, styles, fonts and media of other servers may be fetched by the browser; this server never does."),
            DefaultValue(false)]
        bool? remote,
        HttpContext http)
    {
        CancellationToken cancellationToken = http.RequestAborted;
        if (await messages.ReadAsync(id, cancellationToken) is not { } mime)
        {
            return Problems.NoSuchMessage(id);
        }
        SafeHtml html;
        try
        {
            if (await messages.ReadHtmlAsync(id, mime, remote ?? false, cancellationToken) is not { } found)
            {
                return Problems.Of(StatusCodes.Status404NotFound, "The message has no text/html body.");
            }
            html = found;
        }
        catch (InvalidDataException exception)
        {
            return TypedResults.Text($"The HTML of this message is not shown. {exception.Message}\n", "text/plain", Encoding.UTF8);
        }
        HtmlFramePolicy.Set(http.Response.Headers, remote ?? false);
        http.Response.ContentType = "text/html; charset=utf-8";
        await new SafeHtmlWriter(messages, id, mime).WriteAsync(html, http.Response.Body, cancellationToken);
        return TypedResults.Empty;
    }

    private IResult GetSource(string id, HttpResponse response)
    {
        if (store.OpenContent(id) is not { } content)
        {
            return Problems.NoSuchMessage(id);
        }
        response.ContentLength = content.Length;
        return TypedResults.Stream(content, "text/plain; charset=utf-8");
    }
}
