using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;

namespace Ehlo.App.Tests.Inbox.Disk;

/// <summary>What a program did to a disk, operation by operation, and what it promised in between. Thread-safe.</summary>
/// <remarks>Paths are relative to the root, whose own name is as durable as the test needs it.</remarks>
internal sealed class DiskRecord(string root)
{
    private readonly Lock _gate = new();
    private readonly List<DiskStep> _steps = [];

    public string Root => root;

    public IReadOnlyList<DiskStep> Steps
    {
        get
        {
            lock (_gate)
            {
                return [.. _steps];
            }
        }
    }

    public bool Covers(string path) => path == root || path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Carries out the operation with the record of it, so that no other comes in between.</summary>
    public T Do<T>(Func<T> operation, Func<T, DiskStep?> step)
    {
        lock (_gate)
        {
            T result = operation();
            if (step(result) is { } done)
            {
                _steps.Add(done);
            }
            return result;
        }
    }

    public void Add(DiskStep step)
    {
        lock (_gate)
        {
            _steps.Add(step);
        }
    }

    public string Relative(string path) => Path.GetRelativePath(root, path);
}

/// <summary>One step of a record.</summary>
internal abstract record DiskStep
{
    internal sealed record CreateFolder(string Path) : DiskStep;

    internal sealed record Create(string Path) : DiskStep;

    internal sealed record Write(string Path, long Offset, byte[] Octets) : DiskStep
    {
        public override string ToString() => $"Write {Path} at {Offset}, {Octets.Length} octets";
    }

    internal sealed record Truncate(string Path, long Length) : DiskStep;

    internal sealed record Flush(string Path) : DiskStep;

    internal sealed record FlushFolder(string Path) : DiskStep;

    internal sealed record Rename(string Path, string NewPath) : DiskStep;

    internal sealed record Delete(string Path) : DiskStep;

    /// <summary>What was said of a message.</summary>
    /// <param name="Octets">Its content, where it is said to be there.</param>
    internal sealed record Promise(string Id, PromiseKind Kind, byte[]? Octets = null) : DiskStep
    {
        public override string ToString() => $"Promise {Id} {Kind}";
    }
}

internal enum PromiseKind
{
    IsThere,

    /// <summary>Its deletion has begun.</summary>
    IsOpen,
    IsGone,
}
