using System;
using System.IO;
using Microsoft.Extensions.Logging;

namespace Ehlo.App.Console;

/// <summary>What goes wrong in a page, for the operator: the platform tells it to its log alone, and the tab only that it happened.</summary>
internal sealed class ConsoleErrorLog(TextWriter error) : ILoggerProvider
{
    /// <summary>What runs the pages. Requests that fail are told by <see cref="RequestGuard"/>.</summary>
    private const string Pages = "Microsoft.AspNetCore.Components";

    public ILogger CreateLogger(string categoryName) => new PageLog(error, categoryName.StartsWith(Pages, StringComparison.Ordinal));

    public void Dispose()
    {
        // The writer is the program's.
    }

    private sealed class PageLog(TextWriter error, bool isTold) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isTold && logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                error.WriteLine($"ehlo: console: {formatter(state, exception)}{(exception is null ? "" : $": {exception}")}");
            }
        }
    }
}
