using System;
using System.Threading.Tasks;
using Microsoft.JSInterop;

namespace Ehlo.App.Console;

/// <summary>The keys of one tab, for the page that is shown. What is typed into a field is not among them, nor what the browser has itself.</summary>
public sealed class Keyboard(IJSRuntime script) : IDisposable
{
    private DotNetObjectReference<Keyboard>? _self;

    /// <summary>A key, by its DOM name, and the id of the row that it is about, or null.</summary>
    public event Func<string, string?, Task>? Pressed;

    /// <summary>From the first rendering on.</summary>
    public ValueTask ListenAsync()
    {
        _self ??= DotNetObjectReference.Create(this);
        return script.InvokeVoidAsync("ehlo.listen", _self);
    }

    /// <summary>Called by the browser.</summary>
    [JSInvokable]
    public async Task OnKeyAsync(string key, string? row)
    {
        foreach (Func<string, string?, Task> tell in Delegate.EnumerateInvocationList(Pressed))
        {
            await tell(key, row);
        }
    }

    /// <summary>As the browser's own button.</summary>
    public ValueTask BackAsync() => script.InvokeVoidAsync("history.back");

    public void Dispose() => _self?.Dispose();
}
