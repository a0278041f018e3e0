using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Smtp;
using Ehlo.App.Tests.Console;
using Ehlo.Server;
using Xunit;

namespace Ehlo.App.Tests.Smtp;

public sealed class MessageLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-lines-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("192.0.2.7", null, "client.example [192.0.2.7] <a@example.test> to <b@x>, <c@x>, 26 octets: stored")]
    [InlineData("192.0.2.7", "app", "client.example as app [192.0.2.7] <a@example.test> to <b@x>, <c@x>, 26 octets: stored")]
    [InlineData("", null, "client.example <a@example.test> to <b@x>, <c@x>, 26 octets: stored")]
    public async Task A_line_says_who_from_to_size_and_outcome(string peer, string? identity, string line)
    {
        await using InboxStore store = InboxStore.Open(_folder, TimeProvider.System);
        using StringWriter output = new();
        ConfigurationSources sources = new() { CurrentFolder = _folder, Environment = new Dictionary<string, string>() };
        SmtpStart start = new()
        {
            Options = ConfigurationReader.Read(sources).Options,
            Store = store,
            Time = TimeProvider.System,
            Output = output,
            Error = TextWriter.Null,
        };
        StoredMessage message = ConsoleFixture.Message(to: ["b@x", "c@x"]) with { PeerAddress = peer, Identity = identity, Size = 26 };
        new MessageIntake(start, new Dictionary<SmtpListener, string>()).Tell(message, "stored");
        Assert.Equal(line, output.ToString().TrimEnd());
    }

    [Fact]
    public void Of_many_recipients_a_line_names_the_first()
    {
        StoredMessage message = ConsoleFixture.Message(to: [.. Enumerable.Range(1, 1000).Select(i => $"{i}@x")]);
        string line = MessageLine.Of(message, "", "stored");
        Assert.EndsWith("to <1@x>, <2@x>, <3@x>, <4@x>, <5@x>, <6@x>, <7@x>, <8@x>, <9@x>, <10@x> and 990 more: stored", line);
    }
}
