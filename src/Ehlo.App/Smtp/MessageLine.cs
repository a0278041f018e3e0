using System.Linq;
using Ehlo.App.Inbox;

namespace Ehlo.App.Smtp;

/// <summary>The line that the program prints for a message.</summary>
internal static class MessageLine
{
    // A message may have thousands of recipients; a line is for reading, and all of them are in the inbox.
    private const int MaxShown = 10;

    /// <param name="message">What is known of it.</param>
    /// <param name="size">", 259 octets", or "" where that is not known.</param>
    /// <param name="outcome">What became of it.</param>
    public static string Of(StoredMessage message, string size, string outcome)
    {
        string who = message.Identity is null ? message.Hello.Name : $"{message.Hello.Name} as {message.Identity}";
        // A Unix socket has no address to show.
        string place = message.PeerAddress.Length == 0 ? "" : $" [{message.PeerAddress}]";
        string to = message.To is [string only] ? only : string.Join(">, <", message.To.Take(MaxShown));
        return $"{who}{place} <{message.From}> to <{to}>{Shortened.More(message.To.Count, MaxShown)}{size}: {outcome}";
    }
}
