namespace Ehlo.App.Console.MessageView;

/// <summary>A tab of the message page.</summary>
/// <param name="Name">As the address has it: <c>?view=text</c>.</param>
/// <param name="Count">Shown beside the title, or null.</param>
internal sealed record MessageTab(string Name, string Title, int? Count = null);
