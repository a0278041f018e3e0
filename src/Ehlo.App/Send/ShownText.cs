using System;
using System.Text;
using Ehlo.App.Inbox;

namespace Ehlo.App.Send;

/// <summary>What comes from elsewhere, made fit for a terminal: nothing in it moves a cursor or hides text.</summary>
internal static class ShownText
{
    /// <summary>The text on one line; line breaks in it become " / ".</summary>
    public static string Of(string text) => string.Join(" / ", Lines(text));

    /// <summary>The reply on one line.</summary>
    public static string Of(Reply reply) => Of(reply.ToString());

    public static string[] Lines(string text) =>
        Array.ConvertAll(text.Split('\n'), line => DialogueText.Show(Encoding.UTF8.GetBytes(line.TrimEnd('\r'))));
}
