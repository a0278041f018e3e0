using System;
using System.IO;
using System.Threading.Tasks;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>A folder for what a client reads, gone when the client is.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ehlo-client-").FullName;

    public async Task<string> WriteAsync(string name, byte[] octets)
    {
        string file = System.IO.Path.Combine(Path, name);
        await File.WriteAllBytesAsync(file, octets);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
