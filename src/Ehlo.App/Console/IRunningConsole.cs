using System;

namespace Ehlo.App.Console;

/// <summary>The console while it is open; disposing it stops it. Whoever holds it need not load ASP.NET.</summary>
internal interface IRunningConsole : IAsyncDisposable
{
    /// <summary>With the real port: <c>http://127.0.0.1:8025</c>.</summary>
    string Url { get; }
}
