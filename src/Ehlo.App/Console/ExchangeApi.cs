using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Exchange;
using Ehlo.App.Inbox;
using Ehlo.App.Posting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Ehlo.App.Console;

/// <summary>Mail of files into the inbox, and mail of the inbox into files.</summary>
internal sealed class ExchangeApi(MessagePost post)
{
    private const string MessageType = "message/rfc822";

    // RFC 4155.
    private const string MboxType = "application/mbox";

    // Read as it comes, so it costs a disk and not the memory; a mistaken upload ends some time.
    private const long MaxMboxOctets = 4L << 30;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/import", (Delegate)ImportAsync).WithTags("Messages").WithName("ImportMessages")
            .WithSummary("Takes in a message, or all messages of an mbox file, that were accepted elsewhere.")
            .WithDescription("The envelope is of the fields that deliveries add, else of the header. No route is asked. "
                + "What cannot be taken is left out and said.")
            .Accepts<Stream>(MboxType, MessageType)
            .Produces<ImportAnswer>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status507InsufficientStorage)
            .AddEndpointFilter(new QueryFilter());
        routes.MapGet("/api/v1/export", ExportAsync).WithTags("Messages").WithName("ExportMessages")
            .WithSummary("Messages as a file, the oldest first: an mbox, or a zip of eml files.")
            .Produces<Stream>(contentType: MboxType, additionalContentTypes: "application/zip").ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter("format", "ids", "mailbox", "query"));
    }

    private async Task<IResult> ImportAsync(HttpContext http)
    {
        bool isMbox = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals(MboxType, StringComparison.OrdinalIgnoreCase);
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = isMbox ? MaxMboxOctets : post.MaxOctets;
        MessageImport import = new(post, new Posting.Posting
        {
            From = ReversePath.Null,
            To = [],
            Source = "import",
            Identity = http.User.Identity?.Name,
            PeerAddress = http.Connection.RemoteIpAddress?.ToString() ?? "",
            Connection = http.Connection.Id,
        });
        try
        {
            if (isMbox) await import.AddMboxAsync(http.Request.Body, http.RequestAborted);
            else await import.AddMessageAsync("the message", http.Request.Body, http.RequestAborted);
        }
        catch (InvalidDataException exception)
        {
            return Problems.BadRequest(exception.Message);
        }
        catch (Exception exception) when (exception is InboxException or InboxFullException)
        {
            return Problems.OfStore(exception, $"{import.Result.Imported} messages were taken in before.");
        }
        return TypedResults.Ok(new ImportAnswer(import.Result.Imported, import.Result.Skipped, import.Result.Ids, import.Result.Problems));
    }

    private static async Task<IResult> ExportAsync(
        HttpContext http,
        SeenInbox inbox,
        [Description("\"mbox\" (the default) or \"zip\".")] string? format,
        [Description("Ids with commas between; all messages where it is left out.")] string? ids,
        [Description("Only of this mailbox.")] string? mailbox,
        [Description("Only what this search finds, as in the list.")] string? query)
    {
        if (format is not (null or "mbox" or "zip")) return Problems.BadRequest("format must be mbox or zip.");
        if (!new Selections(inbox).TryRead(mailbox, query, out InboxQuery? selection, out IResult? problem)) return problem;
        selection = selection with { Ids = string.IsNullOrEmpty(ids) ? null : ids.Split(',') };
        bool isZip = format == "zip";
        http.Response.ContentType = isZip ? "application/zip" : MboxType;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"messages.{(isZip ? "zip" : "mbox")}\"";
        // The platform's writer of zips puts some octets out without waiting.
        if (isZip) http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        MessageExport export = new(inbox);
        _ = isZip
            ? await export.WriteZipAsync(selection, http.Response.Body, http.RequestAborted)
            : await export.WriteMboxAsync(selection, http.Response.Body, http.RequestAborted);
        return TypedResults.Empty;
    }
}

internal sealed record ImportAnswer(
    int Imported,
    int Skipped,
    [property: Description("Of the first thousand.")]
    IReadOnlyList<string> Ids,
    [property: Description("Why messages were left out, of the first thousand.")]
    IReadOnlyList<string> Problems);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImportAnswer))]
internal sealed partial class ExchangeJson : JsonSerializerContext;
