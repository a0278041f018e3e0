using System;
using System.Threading.Tasks;

namespace Ehlo.Tests.Support;

/// <summary>Puts a bound on every wait of a test, and says what was awaited.</summary>
internal static class Bounded
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static async Task<T> Within<T>(this Task<T> task, string what)
    {
        await ((Task)task).Within(what);
        return await task;
    }

    public static async Task Within(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Bound);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Awaited in vain: {what}");
        }
    }

    public static Task Within(this ValueTask task, string what) => task.AsTask().Within(what);

    public static Task<T> Within<T>(this ValueTask<T> task, string what) => task.AsTask().Within(what);
}
