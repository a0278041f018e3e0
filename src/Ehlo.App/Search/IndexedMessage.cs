namespace Ehlo.App.Search;

/// <summary>What the index keeps of a message.</summary>
/// <param name="Text">The words of its text and the names of its attachments.</param>
/// <param name="Attachments">How many it has.</param>
internal sealed record IndexedMessage(long Id, SearchFields Fields, string Text, int Attachments);
