using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>
/// Where a foreign server puts what it delivers, one file for each, which is whole when it appears or when the session is over. Messages are
/// told apart by the first line of their content, a Message-ID field.
/// </summary>
internal sealed class MailFolder : IDisposable
{
    // The slowest is a queue that is behind on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, string> _idOfFile = new();
    private readonly string[] _folders;
    private readonly List<FileSystemWatcher> _watchers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MailFolder(params string[] folders)
    {
        _folders = folders;
        foreach (string folder in folders)
        {
            FileSystemWatcher watcher = new(folder);
            _watchers.Add(watcher);
            watcher.Created += (_, _) => OnChanged();
            watcher.Renamed += (_, _) => OnChanged();
            watcher.EnableRaisingEvents = true;
        }
    }

    /// <summary>The line that a content must begin with to be found here.</summary>
    public static string FirstLine(string id) => $"Message-ID: <{id}>\r\n";

    /// <summary>Waits until as many files hold the message as are expected.</summary>
    public async Task<IReadOnlyList<Arrival>> WaitAsync(string id, int count, Func<string> output)
    {
        while (true)
        {
            Task changed = Volatile.Read(ref _changed).Task;
            IReadOnlyList<Arrival> found = Find(id);
            if (found.Count >= count) return found;
            try
            {
                await changed.WaitAsync(Patience, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                string state = $"for {Patience.TotalSeconds} s nothing came; there are {found.Count}";
                Assert.Fail($"Awaited {count} deliveries of {id}, and {state}.\n{output()}");
            }
        }
    }

    public void Dispose() => _watchers.ForEach(watcher => watcher.Dispose());

    private void OnChanged() =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>The files that hold the message so far.</summary>
    public IReadOnlyList<Arrival> Find(string id)
    {
        List<Arrival> found = [];
        foreach (string file in _folders.SelectMany(Directory.EnumerateFiles).Order(StringComparer.Ordinal))
        {
            byte[]? octets = null;
            if (!_idOfFile.TryGetValue(file, out string? known))
            {
                octets = File.ReadAllBytes(file);
                known = IdOf(octets);
                // One that another test is still being sent to will have its line later.
                if (known is not null) _idOfFile[file] = known;
            }
            if (known != id) continue;
            octets ??= File.ReadAllBytes(file);
            found.Add(new Arrival(octets, octets.AsSpan().IndexOf("Message-ID: <"u8)));
        }
        return found;
    }

    private static string? IdOf(ReadOnlySpan<byte> file)
    {
        int start = file.IndexOf("Message-ID: <"u8);
        if (start < 0) return null;
        ReadOnlySpan<byte> rest = file[(start + "Message-ID: <".Length)..];
        int end = rest.IndexOf((byte)'>');
        return end < 0 ? null : Encoding.UTF8.GetString(rest[..end]);
    }
}
