namespace Ehlo.App.Console;

/// <summary>Where the list of one tab was left: with its mailbox, search and page. Who comes back from a message finds it so.</summary>
public sealed class ListPlace
{
    /// <summary>Relative to the address of the console; "" for the whole inbox.</summary>
    public string Address { get; set; } = "";
}
