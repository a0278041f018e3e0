using System;
using System.Threading.Tasks;

namespace Ehlo.App.Console;

/// <summary>
/// A word at the foot of one tab that something was done, or why not; the newest takes the place of the one before. The library's own writes a
/// style element into the page, which the policy forbids.
/// </summary>
public sealed class Toasts(TimeProvider time)
{
    // Long enough to be read, short enough not to be in the way.
    private static readonly TimeSpan ShownFor = TimeSpan.FromSeconds(4);

    private int _number;

    /// <summary>On any thread.</summary>
    public event Action? Changed;

    /// <summary>What is shown, or null.</summary>
    public string? Text { get; private set; }

    /// <summary>Whether it tells of a failure.</summary>
    public bool IsError { get; private set; }

    /// <summary>Shows a text. A failure stays until the next one, or until it is closed.</summary>
    public void Show(string text, bool isError = false)
    {
        (Text, IsError) = (text, isError);
        int number = ++_number;
        Changed?.Invoke();
        if (!isError)
        {
            _ = HideAsync(number);
        }
    }

    /// <summary>Takes away what is shown.</summary>
    public void Close()
    {
        _number++;
        Text = null;
        Changed?.Invoke();
    }

    private async Task HideAsync(int number)
    {
        await Task.Delay(ShownFor, time);
        if (number == _number)
        {
            Close();
        }
    }
}
