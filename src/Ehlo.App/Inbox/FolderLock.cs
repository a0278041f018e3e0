using System;
using System.Globalization;
using System.IO;

namespace Ehlo.App.Inbox;

/// <summary>One process owns a data folder: the open file `lock`. The system releases it when the process ends, however it ends.</summary>
/// <remarks>
/// The owner's number stands in a second file, `owner`: a file that is locked cannot be read by others through .NET. It is for the message
/// only; a number left behind by a dead process locks nobody out.
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static FolderLock Take(string folder)
    {
        string owner = Path.Combine(folder, "owner");
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (IsTaken(exception))
        {
            throw new InboxException($"{folder} is in use by {ReadOwner(owner)}", exception);
        }
        try
        {
            File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        catch
        {
            file.Dispose();
            throw;
        }
        return new FolderLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static bool IsTaken(IOException exception) => exception.HResult == (
        OperatingSystem.IsWindows() ? WindowsSharingViolation : OperatingSystem.IsMacOS() ? MacWouldBlock : LinuxWouldBlock);

    private static string ReadOwner(string path)
    {
        try
        {
            if (int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int process))
            {
                return string.Create(CultureInfo.InvariantCulture, $"process {process}");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The owner has the lock and has not yet written who it is.
        }
        return "another process";
    }
}
