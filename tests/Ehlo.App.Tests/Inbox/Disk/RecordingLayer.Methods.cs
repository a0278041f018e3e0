using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ehlo.App.Tests.Inbox.Disk;

internal static unsafe partial class RecordingLayer
{
    /// <summary>What SQLite calls on an open file. Version 2 of the table: without memory maps, which could be written unseen.</summary>
    private static class Methods
    {
        public static readonly MethodTable* Table = (MethodTable*)NativeMemory.AllocZeroed((nuint)sizeof(MethodTable));

        public static void Fill() => *Table = new MethodTable
        {
            Version = 2,
            Close = &Close,
            Read = &Read,
            Write = &Write,
            Truncate = &Truncate,
            Flush = &Flush,
            FileSize = &FileSize,
            Lock = &Lock,
            Unlock = &Unlock,
            CheckReservedLock = &CheckReservedLock,
            FileControl = &FileControl,
            SectorSize = &SectorSize,
            DeviceCharacteristics = &DeviceCharacteristics,
            SharedMemoryMap = &SharedMemoryMap,
            SharedMemoryLock = &SharedMemoryLock,
            SharedMemoryBarrier = &SharedMemoryBarrier,
            SharedMemoryUnmap = &SharedMemoryUnmap,
        };

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Write(FileHead* file, byte* octets, int count, long offset)
        {
            RecordedFile recorded = Files[(nint)file];
            return recorded.Do(
                () => Inner(file)->Methods->Write(Inner(file), octets, count, offset),
                result => result == Ok ? new DiskStep.Write(recorded.Path, offset, new Span<byte>(octets, count).ToArray()) : null);
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Truncate(FileHead* file, long length)
        {
            RecordedFile recorded = Files[(nint)file];
            return recorded.Do(
                () => Inner(file)->Methods->Truncate(Inner(file), length),
                result => result == Ok ? new DiskStep.Truncate(recorded.Path, length) : null);
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Flush(FileHead* file, int flags)
        {
            RecordedFile recorded = Files[(nint)file];
            // The disk is not waited for: what it would keep is known from the record.
            _ = recorded.Do(() => Ok, _ => new DiskStep.Flush(recorded.Path));
            if (recorded.FlushesFolder)
            {
                recorded.FlushesFolder = false;
                recorded.FlushFolder();
            }
            return Ok;
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Close(FileHead* file)
        {
            Files.TryRemove((nint)file, out _);
            return Inner(file)->Methods->Close(Inner(file));
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Read(FileHead* file, byte* octets, int count, long offset) =>
            Inner(file)->Methods->Read(Inner(file), octets, count, offset);

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int FileSize(FileHead* file, long* size) => Inner(file)->Methods->FileSize(Inner(file), size);

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Lock(FileHead* file, int level) => Inner(file)->Methods->Lock(Inner(file), level);

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Unlock(FileHead* file, int level) => Inner(file)->Methods->Unlock(Inner(file), level);

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int CheckReservedLock(FileHead* file, int* result) => Inner(file)->Methods->CheckReservedLock(Inner(file), result);

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int FileControl(FileHead* file, int operation, void* argument) =>
            Inner(file)->Methods->FileControl(Inner(file), operation, argument);

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int SectorSize(FileHead* file) => Inner(file)->Methods->SectorSize(Inner(file));

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int DeviceCharacteristics(FileHead* file) => Inner(file)->Methods->DeviceCharacteristics(Inner(file));

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int SharedMemoryMap(FileHead* file, int region, int size, int extend, void** memory) =>
            Inner(file)->Methods->SharedMemoryMap(Inner(file), region, size, extend, memory);

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int SharedMemoryLock(FileHead* file, int offset, int count, int flags) =>
            Inner(file)->Methods->SharedMemoryLock(Inner(file), offset, count, flags);

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static void SharedMemoryBarrier(FileHead* file) => Inner(file)->Methods->SharedMemoryBarrier(Inner(file));

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int SharedMemoryUnmap(FileHead* file, int delete) => Inner(file)->Methods->SharedMemoryUnmap(Inner(file), delete);
    }
}
