using System.Threading.Tasks;
using Ehlo.App.Commands;

namespace Ehlo.App.Tests.Commands;

/// <summary>Stops the program when the test says so.</summary>
internal sealed class ManualStop : IStopSignal
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Requested => _requested.Task;

    public void Request() => _requested.TrySetResult();

    public void Dispose()
    {
    }
}
