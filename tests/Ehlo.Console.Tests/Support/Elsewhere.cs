using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Playwright;

namespace Ehlo.Console.Tests.Support;

/// <summary>
/// A server of somebody else's, as a browser sees it: what would go out to it is answered here and remembered. What a policy forbids never
/// comes so far.
/// </summary>
public sealed class Elsewhere
{
    /// <summary>Without the last slash.</summary>
    public const string Url = "https://elsewhere.example";

    private static readonly byte[] Pixel = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _asked = new();

    private Elsewhere()
    {
    }

    /// <summary>The paths that were asked for, in order of their letters.</summary>
    public IReadOnlyList<string> Asked =>
        [.. _asked.Where(path => path.Value.Task.IsCompleted).Select(path => path.Key).Order(StringComparer.Ordinal)];

    public static async Task<Elsewhere> OpenAsync(IBrowserContext context)
    {
        var elsewhere = new Elsewhere();
        await context.RouteAsync($"{Url}/**", elsewhere.AnswerAsync);
        return elsewhere;
    }

    public Task WaitForAsync(string path) => Of(path).Task.WaitAsync(TimeSpan.FromSeconds(20));

    private TaskCompletionSource Of(string path) =>
        _asked.GetOrAdd(path, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task AnswerAsync(IRoute route)
    {
        string path = new Uri(route.Request.Url).AbsolutePath;
        Of(path).TrySetResult();
        bool isImage = route.Request.ResourceType == "image";
        await route.FulfillAsync(new()
        {
            ContentType = isImage ? "image/gif" : route.Request.ResourceType == "stylesheet" ? "text/css" : "text/html",
            BodyBytes = isImage ? Pixel : "<title>elsewhere</title>"u8.ToArray(),
        });
    }
}
