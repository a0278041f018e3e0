using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace Ehlo.App.Inbox;

/// <summary>The file `reserve`: room on the disk kept back for deletions. Belongs to the writer's thread.</summary>
/// <remarks>
/// A deletion makes room but first needs some, in SQLite's log. On a disk that messages have filled to the last octet nothing could be
/// deleted any more. So a deletion may use up the reserve, and no message is added until there is room for it again.
/// </remarks>
internal sealed class DiskReserve(DurableFiles files, string folder, int octets)
{
    private readonly string _path = Path.Combine(folder, "reserve");
    private bool _isThere;

    /// <exception cref="IOException">There is no room for it.</exception>
    public void Ensure()
    {
        if (!_isThere)
        {
            if (new FileInfo(_path) is not { Exists: true } file || file.Length != octets)
            {
                Fill();
            }
            _isThere = true;
        }
    }

    /// <summary>Makes it where there is room; else the first message will be refused, and the inbox can be read and emptied.</summary>
    public void TryEnsure()
    {
        try
        {
            Ensure();
        }
        catch (IOException)
        {
            // The next Ensure says so to somebody who can be told.
        }
    }

    public void UseUp()
    {
        _isThere = false;
        files.TryDelete(_path);
    }

    /// <summary>With octets, since not every file system keeps room for a file that is only said to be long; many do only at its flush.</summary>
    private void Fill()
    {
        files.TryDelete(_path);
        using SafeFileHandle file = files.Create(_path);
        try
        {
            files.Write(file, _path, new byte[octets], 0);
            files.Flush(file, _path);
        }
        catch
        {
            files.TryDelete(_path); // Else the part that was written would take the room from those who make some.
            throw;
        }
    }
}
