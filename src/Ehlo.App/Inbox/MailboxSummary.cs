namespace Ehlo.App.Inbox;

/// <summary>A mailbox and what is in it.</summary>
/// <param name="Octets">Of the contents.</param>
internal sealed record MailboxSummary(string Name, long Messages, long Unread, long Octets);
