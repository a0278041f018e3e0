using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Inbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>The HTTP API to the inbox, for people and for tests.</summary>
/// <param name="stopping">Cancelled when the console stops, so that nobody who waits for a message holds it up.</param>
internal sealed class MessagesApi(CancellationToken stopping)
{
    private const string OctetStream = "application/octet-stream";
    private const string MessageType = "message/rfc822";

    private const string MailboxDescription = "The name of a mailbox; all where it is left out.";

    private const int DefaultLimit = 50;

    // A page of 500 messages is about half a megabyte of JSON; more would be held in memory for each reader.
    private const int MaxLimit = 500;

    private const double DefaultTimeoutSeconds = 30;

    // Proxies and clients give up on a silent request after some minutes at the latest.
    private const int MaxTimeoutSeconds = 300;

    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api/v1/messages").WithTags("Messages");
        api.MapGet("", ListAsync).WithName("ListMessages").WithSummary("Lists the messages, newest first, without their dialogues.")
            .Produces<MessageList>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddEndpointFilter(new QueryFilter("limit", "after", "mailbox", "query"));
        api.MapGet("/wait", WaitAsync).WithName("WaitForMessage")
            .WithSummary("Answers with the newest message that matches, at once when there is one, else as soon as one arrives.")
            .WithDescription("\"to\", \"from\" and \"subject\" are parts, compared without case; what is not given matches every message.")
            .Produces<Message>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter("to", "from", "subject", "mailbox", "timeout"));
        api.MapGet("/{id}", Get).WithName("GetMessage").WithSummary("One message with all that is known of it, and its dialogue.")
            .Produces<Message>().ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
        api.MapGet("/{id}/content", GetContent).WithName("GetMessageContent")
            .WithSummary("The content, octet for octet as it was received, without trace fields.")
            .Produces<Stream>(contentType: OctetStream).ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
        api.MapGet("/{id}/eml", GetEmlAsync).WithName("GetMessageEml")
            .WithSummary("The message as a file: the content after its Return-Path and Received fields.")
            .Produces<Stream>(contentType: MessageType).ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
        api.MapDelete("/{id}", DeleteAsync).WithName("DeleteMessage").WithSummary("Deletes one message.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
        api.MapDelete("", DeleteAllAsync).WithName("DeleteAllMessages").WithSummary("Deletes all messages, or all of a mailbox.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter("mailbox"));
    }

    private static async Task<IResult> ListAsync(
        SeenInbox inbox,
        [Description("How many at most, from 1 to 500."), DefaultValue(DefaultLimit)] int? limit,
        [Description("The \"next\" of the page before.")] string? after,
        [Description(MailboxDescription)] string? mailbox,
        [Description("What to search for, as in the console: words and operators such as from:ann -is:read.")] string? query,
        CancellationToken cancellationToken)
    {
        int wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
        {
            return Problems.BadRequest($"limit must be from 1 to {MaxLimit}.");
        }
        if (!new Selections(inbox).TryRead(mailbox, query, out InboxQuery? selection, out IResult? problem))
        {
            return problem;
        }
        InboxPage page = new(wanted, string.IsNullOrEmpty(after) ? null : after);
        InboxListing listing = await inbox.ListAsync(selection, page, cancellationToken);
        return TypedResults.Ok(new MessageList(
            [.. listing.Messages.Select(MessageSummary.From)], listing.Next, listing.Total, listing.Unread, listing.IsIndexBehind));
    }

    private static IResult Get(string id, SeenInbox inbox) =>
        inbox.Find(id) is { } message ? TypedResults.Ok(Message.From(message)) : Problems.NoSuchMessage(id);

    private static IResult GetContent(string id, SeenInbox inbox, HttpResponse response)
    {
        if (inbox.OpenContent(id) is not { } content)
        {
            return Problems.NoSuchMessage(id);
        }
        response.ContentLength = content.Length;
        return TypedResults.Stream(content, OctetStream);
    }

    private static async Task<IResult> GetEmlAsync(string id, SeenInbox inbox, HttpContext http)
    {
        if (inbox.Find(id) is not { } message || inbox.OpenContent(id) is not { } content)
        {
            return Problems.NoSuchMessage(id);
        }
        await using (content)
        {
            byte[] trace = TraceFields.Format(message);
            http.Response.ContentType = MessageType;
            http.Response.ContentLength = trace.Length + message.Size;
            // A file to save: a browser must not show what a stranger wrote as a page of this origin.
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"{message.Id}.eml\"";
            await http.Response.Body.WriteAsync(trace, http.RequestAborted);
            await content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        return TypedResults.Empty;
    }

    private static async Task<IResult> DeleteAsync(string id, SeenInbox inbox, CancellationToken cancellationToken) =>
        await inbox.DeleteAsync(id, cancellationToken) ? TypedResults.NoContent() : Problems.NoSuchMessage(id);

    private static async Task<IResult> DeleteAllAsync(
        SeenInbox inbox, [Description(MailboxDescription)] string? mailbox, CancellationToken cancellationToken)
    {
        if (mailbox is null)
        {
            await inbox.DeleteAllAsync(cancellationToken);
            return TypedResults.NoContent();
        }
        if (!new Selections(inbox).TryRead(mailbox, null, out InboxQuery? query, out IResult? problem))
        {
            return problem;
        }
        await inbox.DeleteAsync(query, cancellationToken);
        return TypedResults.NoContent();
    }

    private async Task<IResult> WaitAsync(
        SeenInbox inbox,
        [Description("Part of a forward-path.")] string? to,
        [Description("Part of the reverse-path.")] string? from,
        [Description("Part of the decoded subject.")] string? subject,
        [Description(MailboxDescription)] string? mailbox,
        [Description("Seconds to wait, at most 300."), DefaultValue(DefaultTimeoutSeconds)] double? timeout,
        CancellationToken cancellationToken)
    {
        double seconds = timeout ?? DefaultTimeoutSeconds;
        if (seconds is not (>= 0 and <= MaxTimeoutSeconds))
        {
            return Problems.BadRequest($"timeout must be from 0 to {MaxTimeoutSeconds} seconds.");
        }
        if (!new Selections(inbox).TryRead(mailbox, null, out InboxQuery? query, out IResult? problem))
        {
            return problem;
        }
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        try
        {
            MessageFilter filter = new(to, from, subject) { Mailboxes = query.Mailboxes };
            StoredMessage? found = await inbox.WaitAsync(filter, TimeSpan.FromSeconds(seconds), either.Token);
            // What waits may come from a list, which has no dialogues; null where it was deleted in between.
            found = found is { Dialogue: null } ? inbox.Find(found.Id) ?? found : found;
            return found is null
                ? Problems.Of(StatusCodes.Status408RequestTimeout, $"No such message arrived within {seconds} seconds.")
                : TypedResults.Ok(Message.From(found));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The server is stopping.");
        }
    }
}
