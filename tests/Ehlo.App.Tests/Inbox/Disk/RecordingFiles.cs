using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ehlo.App.Inbox;
using Microsoft.Win32.SafeHandles;

namespace Ehlo.App.Tests.Inbox.Disk;

/// <summary>The store's file operations, recorded; SQLite's with them, by <see cref="RecordingLayer"/>.</summary>
internal sealed class RecordingFiles(DiskRecord record) : DurableFiles(null)
{
    public override string? DatabaseLayer => RecordingLayer.Name;

    public override void CreateFolder(string path) => Do(() => base.CreateFolder(path), new DiskStep.CreateFolder(record.Relative(path)));

    public override SafeFileHandle Create(string path) =>
        record.Do(() => base.Create(path), _ => new DiskStep.Create(record.Relative(path)));

    public override void Write(SafeFileHandle file, string path, ReadOnlySpan<byte> octets, long offset)
    {
        byte[] copy = octets.ToArray();
        Do(() => base.Write(file, path, copy, offset), new DiskStep.Write(record.Relative(path), offset, copy));
    }

    public override void Write(SafeFileHandle file, string path, IReadOnlyList<ReadOnlyMemory<byte>> octets, long offset)
    {
        byte[] copy = [.. octets.SelectMany(part => part.ToArray())];
        Do(() => base.Write(file, path, octets, offset), new DiskStep.Write(record.Relative(path), offset, copy));
    }

    public override void Truncate(SafeFileHandle file, string path, long length) =>
        Do(() => base.Truncate(file, path, length), new DiskStep.Truncate(record.Relative(path), length));

    public override bool TryDelete(string path) => record.Do(
        () => File.Exists(path) && base.TryDelete(path), isDeleted => isDeleted ? new DiskStep.Delete(record.Relative(path)) : null);

    public override void Rename(string path, string newPath) =>
        Do(() => base.Rename(path, newPath), new DiskStep.Rename(record.Relative(path), record.Relative(newPath)));

    public override void Flush(SafeFileHandle file, string path) => record.Add(new DiskStep.Flush(record.Relative(path)));

    public override void FlushFolder(string folder) => record.Add(new DiskStep.FlushFolder(record.Relative(folder)));

    private void Do(Action operation, DiskStep step) => record.Do(
        () =>
        {
            operation();
            return true;
        },
        _ => step);
}
