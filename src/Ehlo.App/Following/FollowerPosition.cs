using System;
using System.IO;
using System.Text;
using Ehlo.App.Inbox;
using Microsoft.Win32.SafeHandles;

namespace Ehlo.App.Following;

/// <summary>
/// Where somebody is who goes through the inbox as it grows: the id of the last message that is done, in a file of its own, so that a restart
/// goes on from there.
/// </summary>
internal sealed class FollowerPosition
{
    private readonly DurableFiles _files = new(null);
    private readonly string _path;

    /// <param name="folder">The data folder.</param>
    /// <param name="name">Letters, digits, '-' and '_': it becomes a part of a file's name.</param>
    public FollowerPosition(string folder, string name)
    {
        _path = Path.Combine(folder, $"{name}.position");
        Saved = Read();
    }

    /// <summary>What the file has; null where there is none, "" before the first message.</summary>
    public string? Saved { get; private set; }

    /// <summary>Returns when it is on the disk. The file is replaced whole: a crash leaves the one or the other.</summary>
    public void Save(string id)
    {
        if (id == Saved) return;
        string temporary = _path + ".new";
        using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(id), 0);
            _files.Flush(file, temporary);
        }
        File.Move(temporary, _path, overwrite: true);
        _files.FlushFolder(Path.GetDirectoryName(_path)!);
        Saved = id;
    }

    private string? Read()
    {
        if (!File.Exists(_path)) return null;
        string text = File.ReadAllText(_path).Trim();
        // What is no id is a file that somebody else wrote; beginning anew would send everything again.
        return text.Length == 0 || MessageId.TryParse(text, out _)
            ? text
            : throw new InboxException($"{_path} holds no position; remove it to begin at the newest message");
    }
}
