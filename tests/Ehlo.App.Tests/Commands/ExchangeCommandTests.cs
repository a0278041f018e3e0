using System;
using System.Collections;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Commands;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Commands;

/// <summary>Mail of files into a data folder and back.</summary>
public sealed class ExchangeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-exchange-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_exported_is_imported_again_from_mbox_folder_and_maildir()
    {
        Write("mail/one.eml", "From: a@example.org\nSubject: 1\n\nFrom me\n");
        Write("mail/two.eml", "From: a@example.org\nSubject: 2\n\n");
        Write("mail/notes.txt", "no mail");
        Write("maildir/cur/3:2,S", "Subject: 3\n\n");
        Write("maildir/new/4", "Subject: 4\n\n");
        Write("maildir/tmp/5", "Subject: 5\n\n");
        Assert.Equal(0, await RunAsync("import", "mail", "maildir", "--data", "first"));
        Assert.Equal("4 messages taken in, 0 left out", LastLine());
        Assert.Equal(0, await RunAsync("export", "all.mbox", "--data", "first"));
        Assert.Equal($"4 messages written to {Path.Combine(_folder, "all.mbox")}", LastLine());
        Assert.Equal(0, await RunAsync("import", "all.mbox", "--data", "second"));
        await using (InboxStore store = InboxStore.Open(Path.Combine(_folder, "second"), TimeProvider.System))
        {
            Assert.Equal(["4", "3", "2", "1"], store.List(10, null).Select(message => message.Subject));
            using StreamReader reader = new(store.OpenContent(store.List(10, null)[^1].Id)!);
            Assert.EndsWith("\r\nFrom: a@example.org\r\nSubject: 1\r\n\r\nFrom me\r\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(0, await RunAsync("export", "all.zip", "--data", "second", "--mailbox", "inbox"));
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(_folder, "all.zip"));
        Assert.Equal(4, zip.Entries.Count);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said()
    {
        Write("bad.eml", "a\rb");
        Assert.Equal(1, await RunAsync("import", "bad.eml", "--data", "data"));
        Assert.EndsWith("bad.eml: the message has a CR alone, which SMTP does not carry", Error(), StringComparison.Ordinal);
        Write("mail.zip", "PK\u0003\u0004...");
        Assert.Equal(1, await RunAsync("import", "mail.zip", "--data", "data"));
        Assert.EndsWith("mail.zip is a zip: unpack it, and give the folder of its messages", Error(), StringComparison.Ordinal);
        Assert.Equal(1, await RunAsync("import", "none.eml", "--data", "data"));
        Assert.Contains("none.eml", Error(), StringComparison.Ordinal);
        Assert.Equal(1, await RunAsync("export", "x.mbox", "--data", "data", "--mailbox", "none"));
        Assert.Equal("ehlo: there is no mailbox none", Error());
        Assert.Equal(1, await RunAsync("export", "x.mbox", "--data", "nowhere"));
        Assert.False(Directory.Exists(Path.Combine(_folder, "nowhere")));
        Write("there.mbox", "");
        Assert.Equal(1, await RunAsync("export", "there.mbox", "--data", "data"));
        Assert.Equal("", File.ReadAllText(Path.Combine(_folder, "there.mbox")));
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private string LastLine() => _output.ToString().TrimEnd().Split(Environment.NewLine)[^1];

    private string Error() => _error.ToString().TrimEnd().Split(Environment.NewLine)[^1];

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(
        args,
        (_, _) => throw new InvalidOperationException("Nothing here starts a server."),
        new ProgramContext
        {
            Output = _output,
            Error = _error,
            Environment = new Hashtable(),
            CurrentFolder = _folder,
            MachineName = "mx.test",
            Time = TimeProvider.System,
            ListenForStop = () => throw new InvalidOperationException("Nothing here waits for a stop."),
        });
}
