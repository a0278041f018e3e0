using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Ehlo.Console.Tests.Support;

/// <summary>A client that says one line after the other, at the test's own pace.</summary>
public sealed class RawSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new();
    private StreamReader? _reader;
    private StreamWriter? _writer;

    public static async Task<RawSession> OpenAsync(ServedProgram program)
    {
        RawSession session = new();
        await session._client.ConnectAsync(program.Smtp.Host, program.Smtp.Port);
        session._reader = new StreamReader(session._client.GetStream());
        session._writer = new StreamWriter(session._client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await session.ReadAsync();
        return session;
    }

    /// <summary>Says the line and returns the last line of the reply.</summary>
    public async Task<string> SayAsync(string line)
    {
        await _writer!.WriteLineAsync(line);
        return await ReadAsync();
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _writer?.Dispose();
        _client.Dispose();
    }

    private async Task<string> ReadAsync()
    {
        string line;
        do line = await _reader!.ReadLineAsync().WaitAsync(Patience) ?? throw new IOException("The server closed the connection.");
        while (line.Length > 3 && line[3] == '-');
        return line;
    }
}
