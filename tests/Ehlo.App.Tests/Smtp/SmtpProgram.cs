using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Sessions;
using Ehlo.App.Smtp;
using Ehlo.Testing;

namespace Ehlo.App.Tests.Smtp;

/// <summary>The SMTP side of <c>ehlo serve</c> with an inbox of its own, on sockets.</summary>
internal sealed class SmtpProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-smtp-").FullName;
    private readonly StringWriter _output = new();
    private IRunningSmtp? _smtp;

    private SmtpProgram() => Store = InboxStore.Open(_folder, TimeProvider.System);

    public InboxStore Store { get; }

    public FaultSet Faults { get; } = new();

    public LiveSessions Sessions { get; private set; } = null!;

    /// <summary>What was printed, a line each.</summary>
    public string[] Lines
    {
        get
        {
            lock (_output) return _output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <param name="variables">The configuration, as environment variables without their prefix.</param>
    public static async Task<SmtpProgram> StartAsync(params (string Key, string Value)[] variables)
    {
        SmtpProgram program = new();
        ConfigurationSources sources = new()
        {
            CurrentFolder = program._folder,
            Environment = variables.ToDictionary(variable => $"EHLO__{variable.Key}", variable => variable.Value),
        };
        ServeOptions options = ConfigurationReader.Read(sources).Options;
        program.Faults.Replace(options.Faults);
        SmtpStart start = new()
        {
            Options = options,
            Store = program.Store,
            Faults = program.Faults,
            Time = TimeProvider.System,
            Output = TextWriter.Synchronized(program._output),
            Error = TextWriter.Null,
        };
        program.Sessions = start.Sessions;
        program._smtp = await SmtpService.StartAsync(start, CancellationToken.None);
        return program;
    }

    /// <summary>Waits until so many sessions are closed: their last step comes after the client has heard the last reply.</summary>
    public async Task<IReadOnlyList<SessionFacts>> ClosedSessionsAsync(int count)
    {
        SessionLists lists;
        while ((lists = Sessions.List(1)).Recent.Count < count)
        {
            LiveSession? session = lists.Open is [var open] ? Sessions.Find(open.Id) : null;
            if (session?.Read(0) is { Facts.IsOpen: true } news) await session.ChangedSince(news.Version).WaitAsync(Patience);
        }
        return lists.Recent;
    }

    /// <summary>Sends the lines one by one to a listener and returns the replies, the greeting first; within a reply LF parts the lines.</summary>
    public async Task<string[]> TalkAsync(int listener, params string[] lines)
    {
        using TcpClient client = new();
        Uri url = new(_smtp!.Urls[listener]);
        await client.ConnectAsync(url.Host, url.Port).WaitAsync(Patience);
        using StreamReader reader = new(client.GetStream());
        using StreamWriter writer = new(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        List<string> replies = [await ReplyAsync(reader)];
        foreach (string line in lines)
        {
            await writer.WriteLineAsync(line).WaitAsync(Patience);
            replies.Add(await ReplyAsync(reader));
        }
        return [.. replies];
    }

    public async ValueTask DisposeAsync()
    {
        if (_smtp is not null) await _smtp.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> ReplyAsync(StreamReader reader)
    {
        List<string> lines = [];
        do
        {
            lines.Add(await reader.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException("The server has closed."));
        }
        while (lines[^1].Length > 3 && lines[^1][3] == '-');
        return string.Join('\n', lines);
    }
}
