using System.Globalization;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ehlo.App.Inbox;

/// <summary>The file `format`: the number of the layout of the folder, in decimal, and LF.</summary>
/// <remarks>It covers rows and segments. Whoever changes either raises the number, converts what is older, and keeps a fixture.</remarks>
internal static class InboxFormat
{
    // 2: mailboxes, what was read, tags. 3: the dialogue of a message that shares a segment follows its content there.
    public const int Current = 3;

    private const string Name = "format";

    /// <summary>Checks the number, or writes it into a folder that has none. Returns it; what is older is for the caller to convert.</summary>
    /// <param name="isNew">Whether the folder holds no inbox yet.</param>
    public static int CheckOrWrite(DurableFiles files, string folder, bool isNew)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            if (!isNew)
            {
                throw new InboxException($"{folder} holds an inbox but no file '{Name}', so its format is not known");
            }
            Write(files, folder);
            return Current;
        }
        string text = File.ReadAllText(path).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            throw new InboxException($"{path} does not hold the number of a format");
        }
        if (number > Current)
        {
            throw new InboxException(string.Create(
                CultureInfo.InvariantCulture,
                $"{folder} has format {number}, written by a newer version; this one reads up to format {Current}"));
        }
        return number;
    }

    /// <summary>Says that all is as this version writes it. Under another name first: a power cut must leave a whole number or no file.</summary>
    public static void Write(DurableFiles files, string folder)
    {
        string path = Path.Combine(folder, Name);
        string temporary = path + ".new";
        files.TryDelete(temporary);
        using (SafeFileHandle file = files.Create(temporary))
        {
            files.Write(file, temporary, Encoding.UTF8.GetBytes(Current.ToString(CultureInfo.InvariantCulture) + "\n"), 0);
            files.Flush(file, temporary);
        }
        files.Rename(temporary, path);
        files.FlushFolder(folder);
    }
}
