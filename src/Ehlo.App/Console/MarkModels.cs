using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Text.Json.Serialization;
using Ehlo.App.Inbox;

namespace Ehlo.App.Console;

/// <summary>How messages are marked anew.</summary>
internal record EditModel
{
    [Description("Whether the messages are read; left out, that stays.")]
    public bool? IsRead { get; init; }

    [Description("Tags that the messages get.")]
    public IReadOnlyList<string>? AddTags { get; init; }

    [Description("Tags that are taken from the messages.")]
    public IReadOnlyList<string>? RemoveTags { get; init; }

    /// <summary>Null, with what is wrong, where it cannot be done.</summary>
    public MessageEdit? ToEdit(out string problem)
    {
        problem = "";
        foreach ((string name, IReadOnlyList<string>? tags) in new[] { ("addTags", AddTags), ("removeTags", RemoveTags) })
        {
            if (tags?.Count > TagName.MaxOfMessage)
            {
                problem = $"{name}: holds more than {TagName.MaxOfMessage} tags.";
            }
            int wrong = tags?.ToList().FindIndex(tag => !TagName.IsValid(tag)) ?? -1;
            if (wrong >= 0)
            {
                problem = $"{name}[{wrong}]: {TagName.Rule}.";
            }
        }
        if (IsRead is null && (AddTags?.Count ?? 0) + (RemoveTags?.Count ?? 0) == 0)
        {
            problem = "Give at least one of isRead, addTags and removeTags.";
        }
        return problem.Length > 0 ? null : new MessageEdit { IsRead = IsRead, AddTags = AddTags ?? [], RemoveTags = RemoveTags ?? [] };
    }
}

/// <summary>Which messages are meant: those of the ids, or all of a mailbox and a search.</summary>
internal sealed record SelectionModel
{
    [Description("Ids of messages, at most 1000. Those that are gone are passed over.")]
    public IReadOnlyList<string>? Ids { get; init; }

    [Description("The name of a mailbox; all where it is left out.")]
    public string? Mailbox { get; init; }

    [Description("A search, as in the list; all messages where it is left out.")]
    public string? Query { get; init; }
}

internal sealed record EditRequestModel([property: Description("Which messages.")] SelectionModel Selection) : EditModel;

internal sealed record DeleteRequestModel([property: Description("Which messages.")] SelectionModel Selection);

internal sealed record CountModel([property: Description("How many messages are other than before, or gone.")] int Messages);

internal sealed record MailboxModel(
    string Name,
    [property: Description("How many are in it.")] long Messages,
    [property: Description("How many of them are unread.")] long Unread,
    [property: Description("Octets of their contents.")] long Octets);

internal sealed record MailboxList([property: Description("The default one first, then by name.")] IReadOnlyList<MailboxModel> Mailboxes);

internal sealed record TagModel(string Name, [property: Description("How many messages have it.")] long Messages);

internal sealed record TagList([property: Description("By name; only those that a message has.")] IReadOnlyList<TagModel> Tags);

internal sealed record TagRenameModel([property: Description("The new name.")] string Name);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(EditModel))]
[JsonSerializable(typeof(EditRequestModel))]
[JsonSerializable(typeof(DeleteRequestModel))]
[JsonSerializable(typeof(CountModel))]
[JsonSerializable(typeof(MailboxList))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(TagRenameModel))]
internal sealed partial class MarksJson : JsonSerializerContext;
