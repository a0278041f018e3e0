using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;

namespace Ehlo.App.Inbox;

/// <summary>The folder of the segments, and their numbers. Thread-safe.</summary>
internal sealed class ContentFolder
{
    private readonly DurableFiles _files;
    private long _lastNumber;

    private ContentFolder(DurableFiles files, string path)
    {
        _files = files;
        Path = path;
    }

    public string Path { get; }

    /// <summary>The files that rows speak of and that are not there, by their paths.</summary>
    public IReadOnlyList<string> Missing { get; private init; } = [];

    /// <summary>Removes each segment that no row speaks of: what a crash, or a deletion that could not be finished, left behind.</summary>
    public static ContentFolder Open(DurableFiles files, string path, HashSet<long> used)
    {
        var folder = new ContentFolder(files, path)
        {
            Missing = [.. used.Select(number => SegmentFile.PathOf(path, number)).Where(file => !File.Exists(file))],
        };
        foreach (string file in Directory.EnumerateFiles(path))
        {
            if (SegmentFile.NumberOf(file) is { } number)
            {
                folder._lastNumber = long.Max(folder._lastNumber, number);
                if (!used.Contains(number))
                {
                    files.TryDelete(file);
                }
            }
        }
        foreach (long number in used)
        {
            // A file that is missing must not come back with other octets in it.
            folder._lastNumber = long.Max(folder._lastNumber, number);
        }
        return folder;
    }

    public static bool HasSegments(string path) => Directory.EnumerateFiles(path).Any(file => SegmentFile.NumberOf(file) is not null);

    public SegmentFile CreateSegment() => SegmentFile.Create(_files, Path, Interlocked.Increment(ref _lastNumber));

    public void TryDelete(long number) => _files.TryDelete(SegmentFile.PathOf(Path, number));
}
