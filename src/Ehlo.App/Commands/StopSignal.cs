using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Commands;

internal interface IStopSignal : IDisposable
{
    Task Requested { get; }
}

/// <summary>SIGTERM or SIGINT (Ctrl-C). The first asks for a graceful stop; a second one ends the process at once.</summary>
internal sealed class PosixStopSignal : IStopSignal
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private int _count;

    public PosixStopSignal()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
    }

    public Task Requested => _requested.Task;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // Cancel means: the runtime does not end the process.
        context.Cancel = Interlocked.Increment(ref _count) == 1;
        _requested.TrySetResult();
    }
}
