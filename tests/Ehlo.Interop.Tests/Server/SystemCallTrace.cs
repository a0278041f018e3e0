using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;

namespace Ehlo.Interop.Tests.Server;

/// <summary>What a process asks of the kernel, seen by strace, which is attached to it and let go of it again.</summary>
public sealed partial class SystemCallTrace : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly Process _strace;

    private SystemCallTrace(int processId)
    {
        File = Path.Combine(_folder.Path, "trace");
        _strace = ChildProgram.Start(
            "strace",
            ["-f", "-y", "-s", "200", "-o", File, "-e", "trace=write,writev,pwrite64,pwritev,fsync,fdatasync,sendto,sendmsg", "-p", $"{processId}"],
            _folder.Path);
    }

    private string File { get; }

    /// <summary>Attaches; when it returns, every call is seen.</summary>
    public static async Task<SystemCallTrace> AttachAsync(int processId)
    {
        SystemCallTrace trace = new(processId);
        while (await trace._strace.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Contains("attached", StringComparison.Ordinal)) return trace;
        }
        throw new InvalidOperationException("strace could not attach to the program.");
    }

    /// <summary>Detaches and returns the calls in the order in which they began.</summary>
    public async Task<IReadOnlyList<SystemCall>> EndAsync()
    {
        _ = EhloServer.SendSignal(_strace.Id, 2);
        Task<string> rest = _strace.StandardError.ReadToEndAsync();
        await _strace.WaitForExitAsync().WaitAsync(Patience);
        await rest;
        return Parse(await System.IO.File.ReadAllLinesAsync(File));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited) _strace.Kill();
        await _strace.WaitForExitAsync();
        _strace.Dispose();
        _folder.Dispose();
    }

    private static List<SystemCall> Parse(string[] lines)
    {
        List<SystemCall> calls = [];
        Dictionary<string, SystemCall> unfinished = [];
        for (int i = 0; i < lines.Length; i++)
        {
            string thread = lines[i].Split(' ')[0];
            if (Begun().Match(lines[i]) is { Success: true } begun)
            {
                SystemCall call = new(begun.Groups["name"].Value, begun.Groups["path"].Value, lines[i], i);
                calls.Add(call);
                if (lines[i].EndsWith("<unfinished ...>", StringComparison.Ordinal)) unfinished[thread] = call;
                else call.EndedAt = i;
            }
            else if (lines[i].Contains(" resumed>", StringComparison.Ordinal) && unfinished.Remove(thread, out SystemCall? call))
            {
                call.EndedAt = i;
            }
        }
        return calls;
    }

    // 1234  fdatasync(57</folder/inbox.db-wal>) = 0
    [GeneratedRegex(@"^\d+ +(?<name>[a-z0-9]+)\(\d+<(?<path>[^>]*)>")]
    private static partial Regex Begun();
}

/// <summary>A call: its name, the file or socket it is about, and the lines of the trace where it begins and ends.</summary>
public sealed record SystemCall(string Name, string Path, string Text, int BeganAt)
{
    public int EndedAt { get; set; } = int.MaxValue;

    public bool IsFlush => Name is "fsync" or "fdatasync";

    public bool IsWrite => Name.Contains("write", StringComparison.Ordinal);

    public bool IsSend => Name.StartsWith("send", StringComparison.Ordinal) || Path.StartsWith("socket", StringComparison.Ordinal);
}
