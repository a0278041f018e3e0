using System.ComponentModel;
using System.Linq;
using System.Net.Mime;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>The HTTP API to what messages are marked with: read or unread, tags, mailboxes; and to what is done to many at once.</summary>
internal sealed class MarksApi(InboxStore store)
{
    // A thousand ids are 20 KB, a search at most 4 KB.
    private const int MaxBodyOctets = 64 * 1024;

    private readonly Selections _selections = new(store);

    public void Map(IEndpointRouteBuilder routes)
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

    private static ProblemHttpResult NoSuchTag(string name) => Problems.Of(StatusCodes.Status404NotFound, $"There is no tag \"{name}\".");

    private async Task<IResult> EditOneAsync(string id, HttpRequest request, CancellationToken cancellationToken)
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
        await store.EditAsync(new InboxQuery { Ids = [id] }, edit, cancellationToken);
        return store.Find(id) is { } message ? TypedResults.Ok(Message.From(message)) : Problems.NoSuchMessage(id);
    }

    private async Task<IResult> EditAsync(HttpRequest request, CancellationToken cancellationToken)
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
        return _selections.TryRead(model.Selection, out InboxQuery? query, out problem)
            ? TypedResults.Ok(new CountModel(await store.EditAsync(query, edit, cancellationToken)))
            : problem;
    }

    private async Task<IResult> DeleteAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        (DeleteRequestModel? model, IResult? problem) =
            await RequestBody.ReadAsync(request, MaxBodyOctets, MarksJson.Default.DeleteRequestModel, cancellationToken);
        if (model is null)
        {
            return problem!;
        }
        return _selections.TryRead(model.Selection, out InboxQuery? query, out problem)
            ? TypedResults.Ok(new CountModel(await store.DeleteAsync(query, cancellationToken)))
            : problem;
    }

    private Ok<MailboxList> Mailboxes() => TypedResults.Ok(new MailboxList(
        [.. store.Mailboxes().Select(mailbox => new MailboxModel(mailbox.Name, mailbox.Messages, mailbox.Unread, mailbox.Octets))]));

    private IResult Tags([Description("The name of a mailbox; all where it is left out.")] string? mailbox) =>
        _selections.TryRead(mailbox, null, out InboxQuery? query, out IResult? problem)
            ? TypedResults.Ok(new TagList([.. store.Tags(query).Select(tag => new TagModel(tag.Name, tag.Messages))]))
            : problem;

    private async Task<IResult> RenameTagAsync(string name, HttpRequest request, CancellationToken cancellationToken)
    {
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
        return await store.RenameTagAsync(name, model.Name, cancellationToken) ? TypedResults.NoContent() : NoSuchTag(name);
    }

    private async Task<IResult> DeleteTagAsync(string name, CancellationToken cancellationToken) =>
        await store.DeleteTagAsync(name, cancellationToken) ? TypedResults.NoContent() : NoSuchTag(name);
}
