using System;
using System.Collections.Generic;
using System.IO;
using Ehlo.App.Commands;

namespace Ehlo.App.Send;

/// <summary>Reads files and standard input.</summary>
internal sealed class InputOctets(ProgramContext context, List<string> problems)
{
    // More than servers take by far (theirs are 10 to 150 MB), and a pipe that never ends does not take all memory.
    private const int MaxOctets = 256 << 20;

    /// <param name="option">What the problem is called by.</param>
    /// <param name="file">A path, or "-" for standard input.</param>
    /// <returns>Null where there is a problem.</returns>
    public byte[]? Read(string option, string file)
    {
        try
        {
            using Stream stream = file == "-" ? context.OpenInput() : File.OpenRead(Path.GetFullPath(file, context.CurrentFolder));
            return Read(stream) is { } octets ? octets : Add($"{option} {file} has more than {MaxOctets} octets");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Add($"{option} {ShownText.Of(file)} cannot be read: {exception.Message}");
        }
    }

    /// <summary>All of a stream, or null if that is more than anybody sends.</summary>
    public static byte[]? Read(Stream stream)
    {
        using MemoryStream octets = new();
        byte[] block = new byte[81920];
        while (stream.Read(block) is > 0 and int read)
        {
            if (octets.Length + read > MaxOctets) return null;
            octets.Write(block, 0, read);
        }
        return octets.ToArray();
    }

    private byte[]? Add(string problem)
    {
        problems.Add(problem);
        return null;
    }
}
