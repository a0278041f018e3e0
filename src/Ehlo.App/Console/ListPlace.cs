using Ehlo.App.Inbox;

namespace Ehlo.App.Console;

/// <summary>Where the list of one tab was left: with its mailbox, search and page. Who comes back from a message finds it so.</summary>
internal sealed class ListPlace
{
    /// <summary>Relative to the address of the console; "" for the whole inbox.</summary>
    public string Address { get; set; } = "";

    /// <summary>What the list showed: the messages before and after one are those of the list that it was opened from.</summary>
    public InboxQuery Query { get; set; } = InboxQuery.All;
}
