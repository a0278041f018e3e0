using System.ComponentModel;
using System.Linq;
using System.Net.Mime;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Inbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>The HTTP API to what messages are marked with: read or unread, tags, mailboxes; and to what is done to many at once.</summary>
internal static class MarksApi
{
    // A thousand ids are 20 KB, a search at most 4 KB.
    private const int MaxBodyOctets = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder messages = routes.MapGroup("/api/v1/messages").WithTags("Messages");
        TakesBody<EditModel>(messages.MapPatch("/{id}", EditOneAsync)).WithName("EditMessage")
            .WithSummary("Marks one message as read or unread, and gives or takes tags. Answers with the message as it is then.")
            .Produces<Message>().ProducesProblem(StatusCodes.Status404NotFound);
        TakesBody<EditRequestModel>(messages.MapPost("/edit", EditAsync)).WithName("EditMessages")
            .WithSummary("Marks many messages as read or unread, and gives or takes tags.")
            .Produces<CountModel>().ProducesProblem(StatusCodes.Status404NotFound);
        TakesBody<DeleteRequestModel>(messages.MapPost("/delete", DeleteAsync)).WithName("DeleteMessages")
            .WithSummary("Deletes many messages.")
            .Produces<CountModel>().ProducesProblem(StatusCodes.Status404NotFound);

        routes.MapGet("/api/v1/mailboxes", Mailboxes).WithTags("Mailboxes").WithName("ListMailboxes")
            .WithSummary("Lists the mailboxes with what is in them.")
            .Produces<MailboxList>()
            .AddEndpointFilter(new QueryFilter());

        RouteGroupBuilder tags = routes.MapGroup("/api/v1/tags").WithTags("Tags");
        tags.MapGet("", Tags).WithName("ListTags").WithSummary("Lists the tags that messages have.")
            .Produces<TagList>().ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter("mailbox"));
        TakesBody<TagRenameModel>(tags.MapPatch("/{name}", RenameTagAsync)).WithName("RenameTag")
            .WithSummary("Gives a tag another name. Where that is a tag already, both become one.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        tags.MapDelete("/{name}", DeleteTagAsync).WithName("DeleteTag").WithSummary("Takes a tag from all messages.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter());
    }

    private static RouteHandlerBuilder TakesBody<T>(RouteHandlerBuilder endpoint) where T : notnull => endpoint
        .Accepts<T>(MediaTypeNames.Application.Json)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .AddEndpointFilter(new QueryFilter());

    private static ProblemHttpResult TagOfOthers() =>
        Problems.Of(StatusCodes.Status403Forbidden, "A tag stands at messages of others too: only who sees all mailboxes may change it.");

    private static ProblemHttpResult NoSuchTag(string name) => Problems.Of(StatusCodes.Status404NotFound, $"There is no tag \"{name}\".");

    private static async Task<IResult> EditOneAsync(string id, SeenInbox inbox, HttpRequest request, CancellationToken cancellationToken)
    {
        (EditModel? model, IResult? problem) = await RequestBody.ReadAsync(request, MaxBodyOctets, MarksJson.Default.EditModel, cancellationToken);
        if (model is null)
        {
            return problem!;
        }
        if (model.ToEdit(out string wrong) is not { } edit)
        {
            return Problems.BadRequest(wrong);
        }
        await inbox.EditAsync(new InboxQuery { Ids = [id] }, edit, cancellationToken);
        return inbox.Find(id) is { } message ? TypedResults.Ok(Message.From(message)) : Problems.NoSuchMessage(id);
    }

    private static async Task<IResult> EditAsync(SeenInbox inbox, HttpRequest request, CancellationToken cancellationToken)
    {
        (EditRequestModel? model, IResult? problem) =
            await RequestBody.ReadAsync(request, MaxBodyOctets, MarksJson.Default.EditRequestModel, cancellationToken);
        if (model is null)
        {
            return problem!;
        }
        if (model.ToEdit(out string wrong) is not { } edit)
        {
            return Problems.BadRequest(wrong);
        }
        return new Selections(inbox).TryRead(model.Selection, out InboxQuery? query, out problem)
            ? TypedResults.Ok(new CountModel(await inbox.EditAsync(query, edit, cancellationToken)))
            : problem;
    }

    private static async Task<IResult> DeleteAsync(SeenInbox inbox, HttpRequest request, CancellationToken cancellationToken)
    {
        (DeleteRequestModel? model, IResult? problem) =
            await RequestBody.ReadAsync(request, MaxBodyOctets, MarksJson.Default.DeleteRequestModel, cancellationToken);
        if (model is null)
        {
            return problem!;
        }
        return new Selections(inbox).TryRead(model.Selection, out InboxQuery? query, out problem)
            ? TypedResults.Ok(new CountModel(await inbox.DeleteAsync(query, cancellationToken)))
            : problem;
    }

    private static Ok<MailboxList> Mailboxes(SeenInbox inbox) => TypedResults.Ok(new MailboxList(
        [.. inbox.Mailboxes().Select(mailbox => new MailboxModel(mailbox.Name, mailbox.Messages, mailbox.Unread, mailbox.Octets))]));

    private static IResult Tags(SeenInbox inbox, [Description("The name of a mailbox; all where it is left out.")] string? mailbox) =>
        new Selections(inbox).TryRead(mailbox, null, out InboxQuery? query, out IResult? problem)
            ? TypedResults.Ok(new TagList([.. inbox.Tags(query).Select(tag => new TagModel(tag.Name, tag.Messages))]))
            : problem;

    private static async Task<IResult> RenameTagAsync(string name, SeenInbox inbox, HttpRequest request, CancellationToken cancellationToken)
    {
        if (!inbox.SeesAll)
        {
            return TagOfOthers();
        }
        (TagRenameModel? model, IResult? problem) =
            await RequestBody.ReadAsync(request, MaxBodyOctets, MarksJson.Default.TagRenameModel, cancellationToken);
        if (model is null)
        {
            return problem!;
        }
        if (!TagName.IsValid(model.Name))
        {
            return Problems.BadRequest($"name: {TagName.Rule}.");
        }
        return await inbox.RenameTagAsync(name, model.Name, cancellationToken) ? TypedResults.NoContent() : NoSuchTag(name);
    }

    private static async Task<IResult> DeleteTagAsync(string name, SeenInbox inbox, CancellationToken cancellationToken) =>
        !inbox.SeesAll ? TagOfOthers()
        : await inbox.DeleteTagAsync(name, cancellationToken) ? TypedResults.NoContent() : NoSuchTag(name);
}
