using System;
using System.IO;
using System.Security.Cryptography;
using Ehlo.App.Inbox;

namespace Ehlo.App.Users;

/// <summary>
/// The key of the salts that are shown for names that do not exist, kept in the data folder: real salts outlast a restart, and a salt that
/// does not would tell that its name is made up.
/// </summary>
internal static class FakeSaltKey
{
    private const string Name = "fake-salt-key";
    private const int Octets = 32;

    /// <param name="folder">The data folder, of which this process is the owner.</param>
    /// <exception cref="StartException">The key can be neither read nor made.</exception>
    public static byte[] ReadOrMake(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            // A file cut short, by a full disk for instance, is made anew.
            if (File.Exists(path) && File.ReadAllBytes(path) is { Length: Octets } kept)
            {
                return kept;
            }
            byte[] key = RandomNumberGenerator.GetBytes(Octets);
            FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using FileStream file = new(path, options);
            file.Write(key);
            file.Flush(flushToDisk: true);
            new DurableFiles(null).FlushFolder(folder);
            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{path}: {exception.Message}", exception);
        }
    }
}
