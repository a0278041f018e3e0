using System;
using System.IO;
using Microsoft.Data.Sqlite;

namespace Ehlo.App.Inbox;

/// <summary>Tells a full disk, which the peer may try again later, from a broken one.</summary>
internal static class DiskFull
{
    /// <summary>ENOSPC, which has the same number on Linux and macOS.</summary>
    public const int NoSpace = 28;

    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    // SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: the shared index of the write-ahead log could not grow.
    private const int SqliteFull = 13;
    private const int SqliteSharedMemorySize = 4874;

    public static bool Is(Exception exception) => exception switch
    {
        InboxFullException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull || sqlite.SqliteExtendedErrorCode == SqliteSharedMemorySize,
        IOException io when OperatingSystem.IsWindows() => io.HResult is WindowsDiskFull or WindowsHandleDiskFull,
        // .NET puts the bare error number there on Unix.
        IOException io => io.HResult is NoSpace || io.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota),
        _ => false,
    };

    /// <summary>The exception of the store that says the same.</summary>
    public static Exception Explain(Exception exception, string what) => exception switch
    {
        InboxException or InboxFullException or ObjectDisposedException => exception,
        _ when Is(exception) => new InboxFullException($"{what}: the disk is full", exception),
        _ => new InboxException($"{what}: {exception.Message}", exception),
    };
}
