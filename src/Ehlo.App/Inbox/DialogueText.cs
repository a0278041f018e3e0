using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ehlo.App.Inbox;

/// <summary>Makes a line of the dialogue fit to be shown: nothing in it moves a cursor or hides text, and it has an end.</summary>
internal static class DialogueText
{
    // Enough for each line that is worth reading; what is longer is a token or an attack.
    public const int MaxLineOctets = 1000;

    /// <summary>The octets as text; what is not UTF-8, and what does not print, is shown as \xNN for each octet.</summary>
    public static string Show(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(ShowOctets(line));

    /// <summary>The same as UTF-8.</summary>
    public static byte[] ShowOctets(ReadOnlySpan<byte> line)
    {
        line = TrimLineEnd(line);
        // Nearly each line there is.
        bool isPlain = line.Length <= MaxLineOctets && !line.ContainsAnyExceptInRange((byte)' ', (byte)'~');
        return isPlain ? line.ToArray() : Encoding.UTF8.GetBytes(ShowAny(line));
    }

    private static string ShowAny(ReadOnlySpan<byte> line)
    {
        int octets = line.Length;
        bool isCut = octets > MaxLineOctets;
        if (isCut)
        {
            line = line[..WholeCharacters(line, MaxLineOctets)];
        }
        StringBuilder text = new(line.Length);
        Span<char> characters = stackalloc char[2];
        while (!line.IsEmpty)
        {
            if (text.Length >= MaxLineOctets)
            {
                // An octet shown as \xNN takes four characters; without this a line of them would be four times the limit.
                isCut = true;
                break;
            }
            bool isText = Rune.DecodeFromUtf8(line, out Rune rune, out int consumed) == OperationStatus.Done && IsShown(rune);
            if (isText)
            {
                text.Append(characters[..rune.EncodeToUtf16(characters)]);
            }
            else
            {
                foreach (byte octet in line[..consumed])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{octet:X2}");
                }
            }
            line = line[consumed..];
        }
        return isCut ? text.Append(CultureInfo.InvariantCulture, $"… ({octets} octets)").ToString() : text.ToString();
    }

    private static ReadOnlySpan<byte> TrimLineEnd(ReadOnlySpan<byte> line) =>
        line.EndsWith("\r\n"u8) ? line[..^2] : line.EndsWith("\n"u8) ? line[..^1] : line;

    // Steps back over UTF-8's continuation octets, at most three, so that a cut does not make a good character look broken.
    private static int WholeCharacters(ReadOnlySpan<byte> line, int length)
    {
        for (int back = 0; back < 3 && (line[length - back] & 0xC0) == 0x80; back++)
        {
            if ((line[length - back - 1] & 0xC0) == 0xC0)
            {
                return length - back - 1;
            }
        }
        return length;
    }

    // Format characters include those that turn the direction of text, which could show a line other than it is.
    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
