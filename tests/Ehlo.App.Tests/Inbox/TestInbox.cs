using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Microsoft.Extensions.Time.Testing;

namespace Ehlo.App.Tests.Inbox;

/// <summary>An inbox in a folder of its own, which goes with it.</summary>
internal sealed class TestInbox : IAsyncDisposable
{
    private TestInbox(string folder, InboxLimits limits)
    {
        Folder = folder;
        Limits = limits;
    }

    public string Folder { get; }

    public string ContentFolder => Path.Combine(Folder, "content");

    public InboxLimits Limits { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Called before each file operation, so that a test can set it at any time.</summary>
    public Action<FileOperation, string>? Before { get; set; }

    public InboxStore Store { get; private set; } = null!;

    public string[] Segments => Directory.GetFiles(ContentFolder, "*.seg");

    public static TestInbox Create(InboxLimits? limits = null) =>
        CreateIn(Directory.CreateTempSubdirectory("ehlo-inbox-").FullName, limits);

    public static TestInbox CreateIn(string folder, InboxLimits? limits = null)
    {
        var inbox = new TestInbox(folder, limits ?? InboxLimits.Default);
        inbox.Open();
        return inbox;
    }

    /// <summary>What the disk of a stopped inbox holds now, opened as an inbox of its own.</summary>
    public static TestInbox OpenCopy(string folder)
    {
        string copy = Directory.CreateTempSubdirectory("ehlo-inbox-").FullName;
        CopyFolder(folder, copy);
        return CreateIn(copy);
    }

    public static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from).Where(file => Path.GetFileName(file) is not ("lock" or "owner" or "reserve")))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        foreach (string folder in Directory.GetDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Open();
    }

    public ValueTask<StoredMessage> AddAsync(string subject, byte[] octets)
    {
        using ContentWriter content = Store.BeginContent();
        content.Append(octets);
        return Store.AddAsync(Message(subject), content, CancellationToken.None);
    }

    public Task<StoredMessage> AddAsync(string subject, int size = 1000) => AddAsync(subject, Octets(subject, size)).AsTask();

    public async Task<StoredMessage> AddAsync(StoredMessage message, int size = 1000)
    {
        using ContentWriter content = Store.BeginContent();
        content.Append(Octets(message.Subject, size));
        return await Store.AddAsync(message, content, CancellationToken.None);
    }

    public byte[]? Read(string id)
    {
        using Stream? stream = Store.OpenContent(id);
        if (stream is null)
        {
            return null;
        }
        var octets = new MemoryStream();
        stream.CopyTo(octets);
        return octets.ToArray();
    }

    /// <summary>Every message that is listed is whole: its octets are those that <see cref="Octets"/> makes of its subject.</summary>
    public List<string> SubjectsOfWholeMessages()
    {
        var subjects = new List<string>();
        foreach (StoredMessage message in Store.List(1000, null))
        {
            Xunit.Assert.Equal(Octets(message.Subject, (int)message.Size), Read(message.Id));
            subjects.Add(message.Subject);
        }
        return subjects;
    }

    /// <summary>Octets of every value, different for each subject.</summary>
    public static byte[] Octets(string subject, int size)
    {
        uint seed = subject.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u);
        byte[] octets = new byte[size];
        new Random((int)seed).NextBytes(octets);
        return octets;
    }

    public static StoredMessage Message(string subject) => new()
    {
        ReceivedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        Subject = subject,
        From = "a@client.example",
        To = ["b@mx.example"],
        MailParameters = new Dictionary<string, string?>(),
        RcptParameters = [new Dictionary<string, string?>()],
        Hello = new HelloFacts("EHLO", "client.example"),
        Connection = "c1",
        Session = 1,
        PeerAddress = "192.0.2.1",
        ServerName = "mx.example",
        WithProtocol = "ESMTP",
    };

    public async ValueTask DisposeAsync()
    {
        Before = null;
        await Store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private void Open() => Store = InboxStore.Open(Folder, Time, Limits, (operation, path) => Before?.Invoke(operation, path));
}
