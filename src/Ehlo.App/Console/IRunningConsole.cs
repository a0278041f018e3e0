using System;

namespace Ehlo.App.Console;

/// <summary>The console while it is open; disposing it stops it. Names no type of ASP.NET, so that whoever holds it need not load any.</summary>
internal interface IRunningConsole : IAsyncDisposable
{
    /// <summary>With the real port: <c>http://127.0.0.1:8025</c>.</summary>
    string Url { get; }
}
