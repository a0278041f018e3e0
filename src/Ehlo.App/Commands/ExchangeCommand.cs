using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Configuration;
using Ehlo.App.Exchange;
using Ehlo.App.Inbox;
using Ehlo.App.Posting;

namespace Ehlo.App.Commands;

/// <summary>
/// <c>ehlo import</c> and <c>ehlo export</c>: mail of files into the data folder and back, while no server runs on it. A running one has the same
/// as end points of its API, which need no command but an HTTP client.
/// </summary>
internal sealed class ExchangeCommand(ProgramContext context)
{
    private static readonly byte[] MboxStart = "From "u8.ToArray();

    // What each file of a zip begins with, and so the zip. No line of a header has it.
    private static readonly byte[] ZipStart = "PK\x03\x04"u8.ToArray();

    // A maildir has its messages in these; what it delivers now is in a third, and is not whole.
    private static readonly string[] MaildirFolders = ["cur", "new"];

    public Command Import()
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "An mbox, a message (eml), a folder of messages, or a maildir.",
            Arity = ArgumentArity.OneOrMore,
        };
        (Option<string?> data, Option<string?> config) = (Data(), Config());
        Command command = new("import", "Takes mail of files into the inbox, while no server runs on it.") { files, data, config };
        command.SetAction((result, cancellationToken) => ImportAsync(
            result.GetRequiredValue(files), Sources(result.GetValue(data), result.GetValue(config)), cancellationToken));
        return command;
    }

    public Command Export()
    {
        Argument<string> file = new("FILE") { Description = "What is written: a zip of messages where it ends with .zip, else an mbox." };
        Option<string?> mailbox = new("--mailbox") { HelpName = "NAME", Description = "Only this mailbox." };
        (Option<string?> data, Option<string?> config) = (Data(), Config());
        Command command = new("export", "Writes the mail of the inbox into a file, while no server runs on it.") { file, mailbox, data, config };
        command.SetAction((result, cancellationToken) => ExportAsync(
            result.GetRequiredValue(file),
            result.GetValue(mailbox),
            Sources(result.GetValue(data), result.GetValue(config)),
            cancellationToken));
        return command;
    }

    private async Task<int> ImportAsync(string[] files, ConfigurationSources sources, CancellationToken cancellationToken)
    {
        ServeOptions options = ConfigurationReader.Read(sources).Options;
        await using InboxStore store = InboxStore.Open(options.DataDirectory, context.Time);
        MessagePost post = new(options, store, TextWriter.Null, context.Time);
        MessageImport import = new(post, new Posting.Posting { From = ReversePath.Null, To = [], Source = "import", Connection = "import" });
        try
        {
            foreach (string path in files.SelectMany(Expand)) await ImportAsync(import, path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InboxFullException)
        {
            context.Error.WriteLine($"ehlo: {exception.Message}");
            Tell(import.Result);
            return ExitCode.Failure;
        }
        Tell(import.Result);
        return import.Result.Skipped == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task ImportAsync(MessageImport import, string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        byte[] start = new byte[MboxStart.Length];
        bool isMbox = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken) == start.Length
            && start.AsSpan().SequenceEqual(MboxStart);
        if (start.AsSpan().StartsWith(ZipStart)) throw new IOException($"{path} is a zip: unpack it, and give the folder of its messages");
        file.Position = 0;
        if (isMbox) await import.AddMboxAsync(file, cancellationToken);
        else await import.AddMessageAsync(path, file, cancellationToken);
    }

    private IEnumerable<string> Expand(string file)
    {
        string path = Path.GetFullPath(file, context.CurrentFolder);
        if (!Directory.Exists(path)) return [path];
        string[] maildir = [.. MaildirFolders.Select(name => Path.Combine(path, name)).Where(Directory.Exists)];
        return (maildir.Length > 0 ? maildir.SelectMany(Directory.GetFiles) : Directory.GetFiles(path, "*.eml")).Order(StringComparer.Ordinal);
    }

    private async Task<int> ExportAsync(string file, string? mailbox, ConfigurationSources sources, CancellationToken cancellationToken)
    {
        ServeOptions options = ConfigurationReader.Read(sources).Options;
        if (!Directory.Exists(options.DataDirectory)) throw new StartException($"{options.DataDirectory}: there is no inbox");
        await using InboxStore store = InboxStore.Open(options.DataDirectory, context.Time);
        if (mailbox is not null && !store.Mailboxes().Any(each => MailboxName.Comparer.Equals(each.Name, mailbox)))
        {
            context.Error.WriteLine($"ehlo: there is no mailbox {mailbox}");
            return ExitCode.Failure;
        }
        MessageExport export = new(new SeenInbox(store, () => Viewer.Anybody));
        InboxQuery query = new() { Mailboxes = mailbox is null ? null : MailboxName.SetOf(mailbox) };
        string path = Path.GetFullPath(file, context.CurrentFolder);
        try
        {
            await using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
            int count = path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)
                ? await export.WriteZipAsync(query, stream, cancellationToken)
                : await export.WriteMboxAsync(query, stream, cancellationToken);
            context.Output.WriteLine($"{count} messages written to {path}");
            return ExitCode.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"ehlo: {exception.Message}");
            return ExitCode.Failure;
        }
    }

    private void Tell(ImportResult result)
    {
        foreach (string problem in result.Problems) context.Error.WriteLine($"ehlo: {problem}");
        context.Output.WriteLine($"{result.Imported} messages taken in, {result.Skipped} left out");
    }

    private ConfigurationSources Sources(string? data, string? config) => new()
    {
        File = config,
        CurrentFolder = context.CurrentFolder,
        Environment = context.Environment,
        MachineName = context.MachineName,
        DataDirectory = data,
    };

    private static Option<string?> Data() => new("--data") { HelpName = "DIR", Description = "The folder of the inbox (./ehlo-data)." };

    private static Option<string?> Config() => new("--config")
    {
        HelpName = "FILE",
        Description = $"The configuration ({ConfigurationSources.DefaultFile} in the current folder, where there is one).",
    };
}
