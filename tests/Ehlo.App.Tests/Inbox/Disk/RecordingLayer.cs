// A layer between SQLite and its own way to the files (a VFS, as SQLite calls it). Whatever SQLite asks for is carried out as ever; what
// changes a file is recorded, and a flush is recorded in place of being carried out. The shared memory beside the log is not recorded: it
// does not survive a power cut, nor need it.
//
//   sqlite3_file of ours   | methods | file of SQLite's own ...
//                            the table below; each entry hands on to the file behind it
using System;
using System.Collections.Concurrent;
using System.IO;
using System.Runtime.InteropServices;

namespace Ehlo.App.Tests.Inbox.Disk;

internal static unsafe partial class RecordingLayer
{
    public const string Name = "ehlo-recording";

    private const int Ok = 0;
    private const int OpenCreate = 0x4;
    private const int OpenMainJournal = 0x800;
    private const int OpenLog = 0x80000;

    private static readonly ConcurrentDictionary<DiskRecord, bool> Records = new();
    private static readonly ConcurrentDictionary<nint, RecordedFile> Files = new();
    private static readonly Layer* Own = Register();

    /// <summary>Records what happens below the record's root until it is disposed.</summary>
    public static IDisposable Begin(DiskRecord record)
    {
        _ = Own;
        Records[record] = true;
        return new Recording(record);
    }

    private static Layer* Register()
    {
        SQLitePCL.Batteries_V2.Init();
        Layer* own = Find(null);
        var layer = (Layer*)NativeMemory.AllocZeroed((nuint)sizeof(Layer));
        *layer = *own;
        layer->Next = null;
        layer->Name = (byte*)Marshal.StringToCoTaskMemUTF8(Name);
        layer->FileOctets = sizeof(FileHead) + own->FileOctets;
        layer->Open = &Open;
        layer->Delete = &Delete;
        Methods.Fill();
        if (Register(layer, 0) != Ok)
        {
            throw new InvalidOperationException("SQLite does not take the layer.");
        }
        return own;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int Open(Layer* layer, byte* name, FileHead* file, int flags, int* outFlags)
    {
        file->Methods = null;
        string? path = Marshal.PtrToStringUTF8((nint)name);
        RecordedFile recorded = new(RecordOf(path), path ?? "")
        {
            // SQLite's own way flushes the folder with the first flush of a log or journal that it may have made.
            FlushesFolder = (flags & OpenCreate) != 0 && (flags & (OpenMainJournal | OpenLog)) != 0,
        };
        int result = recorded.Do(
            () =>
            {
                bool isNew = path is not null && !File.Exists(path);
                return (Result: Own->Open(Own, name, Inner(file), flags, outFlags), IsNew: isNew);
            },
            opened => opened is { Result: Ok, IsNew: true } ? new DiskStep.Create(recorded.Path) : null).Result;
        if (Inner(file)->Methods is not null)
        {
            Files[(nint)file] = recorded;
            file->Methods = Methods.Table;
        }
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int Delete(Layer* layer, byte* name, int flushesFolder)
    {
        string path = Marshal.PtrToStringUTF8((nint)name)!;
        RecordedFile recorded = new(RecordOf(path), path);
        int result = recorded.Do(() => Own->Delete(Own, name, flushesFolder), done => done == Ok ? new DiskStep.Delete(recorded.Path) : null);
        if (result == Ok && flushesFolder != 0)
        {
            recorded.FlushFolder();
        }
        return result;
    }

    private static DiskRecord? RecordOf(string? path)
    {
        foreach (DiskRecord record in Records.Keys)
        {
            if (path is not null && record.Covers(path))
            {
                return record;
            }
        }
        return null;
    }

    private static FileHead* Inner(FileHead* file) => file + 1;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find", StringMarshalling = StringMarshalling.Utf8)]
    private static partial Layer* Find(string? name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    private static partial int Register(Layer* layer, int makeDefault);

    /// <summary>sqlite3_vfs, as far as something here is called; the rest is copied.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Layer
    {
        public int Version;
        public int FileOctets;
        public int MaxPath;
        public Layer* Next;
        public byte* Name;
        public void* Data;
        public delegate* unmanaged[Cdecl]<Layer*, byte*, FileHead*, int, int*, int> Open;
        public delegate* unmanaged[Cdecl]<Layer*, byte*, int, int> Delete;
        public fixed long Others[14];
    }

    /// <summary>sqlite3_file: what every layer's file begins with. Ours has nothing else.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileHead
    {
        public MethodTable* Methods;
    }

    /// <summary>sqlite3_io_methods.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MethodTable
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<FileHead*, int> Close;
        public delegate* unmanaged[Cdecl]<FileHead*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<FileHead*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<FileHead*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<FileHead*, int, int> Flush;
        public delegate* unmanaged[Cdecl]<FileHead*, long*, int> FileSize;
        public delegate* unmanaged[Cdecl]<FileHead*, int, int> Lock;
        public delegate* unmanaged[Cdecl]<FileHead*, int, int> Unlock;
        public delegate* unmanaged[Cdecl]<FileHead*, int*, int> CheckReservedLock;
        public delegate* unmanaged[Cdecl]<FileHead*, int, void*, int> FileControl;
        public delegate* unmanaged[Cdecl]<FileHead*, int> SectorSize;
        public delegate* unmanaged[Cdecl]<FileHead*, int> DeviceCharacteristics;
        public delegate* unmanaged[Cdecl]<FileHead*, int, int, int, void**, int> SharedMemoryMap;
        public delegate* unmanaged[Cdecl]<FileHead*, int, int, int, int> SharedMemoryLock;
        public delegate* unmanaged[Cdecl]<FileHead*, void> SharedMemoryBarrier;
        public delegate* unmanaged[Cdecl]<FileHead*, int, int> SharedMemoryUnmap;
    }

    private sealed class RecordedFile(DiskRecord? record, string path)
    {
        public string Path => record?.Relative(path) ?? path;

        public bool FlushesFolder { get; set; }

        public T Do<T>(Func<T> operation, Func<T, DiskStep?> step) => record is null ? operation() : record.Do(operation, step);

        public void FlushFolder() => record?.Add(new DiskStep.FlushFolder(record.Relative(System.IO.Path.GetDirectoryName(path)!)));
    }

    private sealed class Recording(DiskRecord record) : IDisposable
    {
        public void Dispose() => Records.TryRemove(record, out _);
    }
}
