using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ehlo.App.Inbox;

/// <summary>Every file operation of the store that changes the disk, one place for them all; thread-safe.</summary>
/// <param name="before">
/// Called before each operation with its path: tests fail it, hold it, or look at the disk as it is at that moment. Null otherwise.
/// </param>
internal class DurableFiles(Action<FileOperation, string>? before)
{
    private const int ErrorInterrupted = 4;
    private const int LinuxCloseOnExec = 0x80000;
    private const int MacCloseOnExec = 0x1000000;

    /// <summary>The name of the layer through which SQLite reaches its files; null for its own.</summary>
    public virtual string? DatabaseLayer => null;

    public void Before(FileOperation operation, string path) => before?.Invoke(operation, path);

    /// <summary>A new folder, of which only the owner learns anything: mail is nobody else's to read.</summary>
    public virtual void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>A new file that others may read and delete while it is written.</summary>
    public virtual SafeFileHandle Create(string path)
    {
        Before(FileOperation.Create, path);
        return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
    }

    public virtual void Write(SafeFileHandle file, string path, ReadOnlySpan<byte> octets, long offset)
    {
        Before(FileOperation.Write, path);
        RandomAccess.Write(file, octets, offset);
    }

    /// <summary>All of them in one system call where there is one.</summary>
    public virtual void Write(SafeFileHandle file, string path, IReadOnlyList<ReadOnlyMemory<byte>> octets, long offset)
    {
        Before(FileOperation.Write, path);
        RandomAccess.Write(file, octets, offset);
    }

    public virtual void Truncate(SafeFileHandle file, string path, long length)
    {
        Before(FileOperation.Truncate, path);
        RandomAccess.SetLength(file, length);
    }

    /// <summary>Gives the file another name, in place of a file that has it.</summary>
    public virtual void Rename(string path, string newPath)
    {
        Before(FileOperation.Rename, path);
        File.Move(path, newPath, overwrite: true);
    }

    /// <summary>Whether it is gone. None of the callers depends on it: what is left behind is tried again at the next start.</summary>
    public virtual bool TryDelete(string path)
    {
        try
        {
            Before(FileOperation.Delete, path);
            File.Delete(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Returns when the file's octets and its size are on the disk.</summary>
    public virtual void Flush(SafeFileHandle file, string path)
    {
        Before(FileOperation.Flush, path);
        if (OperatingSystem.IsLinux())
        {
            // fsync would also wait for the times of the file, which nobody reads: on many file systems a second write for each flush.
            while (NativeMethods.FlushData(file) != 0)
            {
                ThrowUnlessInterrupted(path);
            }
        }
        else
        {
            // On macOS this is F_FULLFSYNC; a bare fsync there leaves the octets in the drive's cache.
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Returns when the names in the folder are on the disk. Without it a flushed file can be gone after a power cut.</summary>
    public virtual void FlushFolder(string folder)
    {
        Before(FileOperation.FlushFolder, folder);
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS writes names to its own log, and a folder cannot be flushed.
        }
        using SafeFileHandle handle = NativeMethods.Open(folder, OperatingSystem.IsMacOS() ? MacCloseOnExec : LinuxCloseOnExec);
        if (handle.IsInvalid)
        {
            throw LastError(folder);
        }
        while (NativeMethods.Flush(handle) != 0)
        {
            ThrowUnlessInterrupted(folder);
        }
    }

    private static void ThrowUnlessInterrupted(string path)
    {
        if (Marshal.GetLastPInvokeError() != ErrorInterrupted)
        {
            throw LastError(path);
        }
    }

    private static IOException LastError(string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: {path}", error);
    }
}
