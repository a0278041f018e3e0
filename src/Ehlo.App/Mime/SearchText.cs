using System;
using System.IO;
using System.Linq;
using System.Text;

namespace Ehlo.App.Mime;

/// <summary>What a full-text index keeps of a message beside its header: the words of its text parts, and the names of its attachments.</summary>
internal static class SearchText
{
    /// <param name="open">Opens the content of the message, at its first octet. Called once at most: parts come in their order.</param>
    /// <param name="limit">Characters at most, in all.</param>
    public static string Of(StoredMime mime, Func<Stream> open, int limit)
    {
        var text = new StringBuilder();
        foreach (StoredPart part in mime.Parts.Where(part => part.FileName is not null))
        {
            Add(text, part.FileName!, limit);
        }
        // Where both bodies say the same, the words are there twice: a tenth of the index, and nothing is missed where they differ.
        StoredPart[] texts = [.. mime.Parts.Where(part => part.IsLeaf && part.IsText && part.Disposition != "attachment")];
        if (texts.Length == 0)
        {
            return text.ToString();
        }
        using Stream content = open();
        foreach (StoredPart part in texts)
        {
            int room = limit - text.Length;
            if (room <= 1)
            {
                break;
            }
            // HTML is several times its words.
            bool isHtml = part.MediaType == "text/html";
            using Stream stream = PartStream.OpenNext(content, content.Position, part);
            string decoded = OctetText.Decode(OctetText.ReadSome(stream, isHtml ? room * 8 : room * 2).Octets, part.Charset);
            Add(text, isHtml ? HtmlText.Of(decoded, room) : decoded, limit);
        }
        return text.ToString();
    }

    private static void Add(StringBuilder text, string words, int limit)
    {
        int room = limit - text.Length - 1;
        if (room > 0)
        {
            text.Append(words.AsSpan(0, Math.Min(words.Length, room))).Append('\n');
        }
    }
}
