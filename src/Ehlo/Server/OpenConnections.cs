using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Server;

/// <summary>The connections that are open, each a link of a chain: that is two words of it, where a table would have ten.</summary>
internal sealed class OpenConnections
{
    private readonly Lock _gate = new();
    private SmtpServerConnection? _last;
    private int _count;
    private TaskCompletionSource? _empty;

    public int Count => Volatile.Read(ref _count);

    public void Add(SmtpServerConnection connection)
    {
        lock (_gate)
        {
            connection.Previous = _last;
            if (_last is not null) _last.Next = connection;
            _last = connection;
            _count++;
        }
    }

    public void Remove(SmtpServerConnection connection)
    {
        TaskCompletionSource? empty = null;
        lock (_gate)
        {
            if (connection.Previous is not null) connection.Previous.Next = connection.Next;
            if (connection.Next is null) _last = connection.Previous;
            else connection.Next.Previous = connection.Previous;
            (connection.Previous, connection.Next) = (null, null);
            if (--_count == 0) (empty, _empty) = (_empty, null);
        }
        empty?.SetResult();
    }

    /// <summary>Those that are open now.</summary>
    public IReadOnlyList<SmtpServerConnection> All()
    {
        lock (_gate)
        {
            List<SmtpServerConnection> all = new(_count);
            for (SmtpServerConnection? one = _last; one is not null; one = one.Previous) all.Add(one);
            return all;
        }
    }

    /// <summary>Completes when none is open any more.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            if (_count == 0) return Task.CompletedTask;
            _empty ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }
}
