using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;

namespace Ehlo.Load.Tests;

/// <summary>What all sessions of the server saw.</summary>
internal sealed class Seen
{
    private int _sessions;

    /// <summary>The sum of each message that came whole, by its name.</summary>
    public ConcurrentDictionary<string, string> Messages { get; } = new();

    public ConcurrentQueue<string> Doubles { get; } = [];

    /// <summary>Session objects that are not disposed.</summary>
    public int Sessions => _sessions;

    public void Count(int sessions) => Interlocked.Add(ref _sessions, sessions);
}

internal sealed class LoadSession : SmtpSession
{
    private readonly Seen _seen;

    public LoadSession(SmtpServerConnection connection, Seen seen)
        : base(connection)
    {
        _seen = seen;
        _seen.Count(1);
    }

    protected override async ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (true)
        {
            ReadResult result = await content.ReadAsync(cancellationToken);
            foreach (ReadOnlyMemory<byte> part in result.Buffer) hash.AppendData(part.Span);
            content.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) break;
        }
        string name = transaction.ReversePath.Mailbox?.LocalPart.Value ?? "";
        if (!_seen.Messages.TryAdd(name, Convert.ToHexString(hash.GetHashAndReset()))) _seen.Doubles.Enqueue(name);
        return Reply.Ok();
    }

    public override ValueTask DisposeAsync()
    {
        _seen.Count(-1);
        return base.DisposeAsync();
    }
}
