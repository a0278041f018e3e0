using System;
using System.IO;
using System.Net.Http;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class ConsolePageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("smtp://127.0.0.1:2525", "--server 127.0.0.1:2525<")]
    [InlineData("smtps://*:465", "--server 127.0.0.1:465 --tls-on-connect<")]
    [InlineData("smtp+unix:/run/ehlo.sock", "--socket /run/ehlo.sock<")]
    public async Task The_empty_page_shows_a_command_that_works(string smtp, string end)
    {
        await using InboxStore store = InboxStore.Open(_folder, TimeProvider.System);
        await using IRunningConsole console = await ConsoleHost.StartAsync(new ConsoleStart
        {
            Options = new ConsoleOptions { Endpoint = EndpointAddress.Loopback(0) },
            Store = store,
            Faults = [],
            Post = ConsoleFixture.PostTo(store, TextWriter.Null),
            Smtp = smtp,
            Time = TimeProvider.System,
            Error = TextWriter.Null,
        });
        using HttpClient http = new();
        string page = await http.GetStringAsync(new Uri(console.Url));
        Assert.Contains($"swaks --to you@example.test {end}", page, StringComparison.Ordinal);
    }
}
