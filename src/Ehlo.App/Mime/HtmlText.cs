using System.IO;
using System.Text;
using MimeKit.Text;

namespace Ehlo.App.Mime;

/// <summary>The words of an HTML document, for a search index and for a first look; in one pass over its tokens, without a tree.</summary>
internal static class HtmlText
{
    /// <param name="limit">Characters at most.</param>
    public static string Of(string html, int limit)
    {
        var text = new StringBuilder();
        var tokens = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true };
        int hidden = 0;
        while (text.Length < limit && tokens.ReadNextToken(out HtmlToken? token))
        {
            switch (token)
            {
                case HtmlTagToken tag when tag.Id is HtmlTagId.Script or HtmlTagId.Style or HtmlTagId.Title:
                    hidden = tag.IsEndTag || tag.IsEmptyElement ? 0 : 1;
                    break;
                case HtmlTagToken tag when !IsWithinLine(tag.Id):
                    Separate(text);
                    break;
                case HtmlDataToken data when hidden == 0 && data.Kind == HtmlTokenKind.Data:
                    Append(text, data.Data);
                    break;
            }
        }
        text.Length = System.Math.Min(text.Length, limit);
        return text.ToString().Trim();
    }

    private static bool IsWithinLine(HtmlTagId id) => id is HtmlTagId.A or HtmlTagId.B or HtmlTagId.I or HtmlTagId.U or HtmlTagId.EM
        or HtmlTagId.Strong or HtmlTagId.Span or HtmlTagId.Font or HtmlTagId.Small or HtmlTagId.Big or HtmlTagId.Sub or HtmlTagId.Sup;

    private static void Append(StringBuilder text, string data)
    {
        foreach (char letter in data)
        {
            if (char.IsWhiteSpace(letter))
            {
                Separate(text);
            }
            else
            {
                text.Append(letter);
            }
        }
    }

    private static void Separate(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != ' ')
        {
            text.Append(' ');
        }
    }
}
