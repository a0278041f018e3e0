using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Components;

namespace Ehlo.App.Console.Components;

/// <summary>A part of a page that reads anew, each second, what changes all the time.</summary>
public abstract class RefreshedComponent : ComponentBase, IDisposable
{
    // A person sees no more of figures that run.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _gone = new();

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>Reads what is shown, on the page's own thread.</summary>
    protected abstract void Read();

    protected override void OnInitialized()
    {
        Read();
        _ = RefreshAsync(_gone.Token);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task RefreshAsync(CancellationToken gone)
    {
        using PeriodicTimer timer = new(Pause, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(gone))
            {
                await InvokeAsync(() =>
                {
                    if (gone.IsCancellationRequested) return;
                    Read();
                    StateHasChanged();
                });
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }
}
