using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Certificates;
using Ehlo.App.Configuration;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Ehlo.App.Posting;
using Ehlo.App.Smtp;
using Ehlo.App.Users;
using Ehlo.Testing;

namespace Ehlo.App.Commands;

/// <summary><c>ehlo serve</c>: configuration, inbox, SMTP, console; then until a signal, and back in the other order.</summary>
internal sealed class ServeRun(StartSmtp startSmtp, ProgramContext context)
{
    public async Task<int> RunAsync(ConfigurationSources sources)
    {
        using IStopSignal stop = context.ListenForStop();
        ConfigurationResult configuration = ConfigurationReader.Read(sources);
        foreach (string warning in configuration.Warnings)
        {
            context.Error.WriteLine($"ehlo: warning: {warning}");
        }
        ServeOptions options = configuration.Options;
        await using InboxStore store = InboxStore.Open(options.DataDirectory, context.Time);
        if (options.Mailboxes.Count > 0)
        {
            await store.EnsureMailboxesAsync(options.Mailboxes.Select(mailbox => mailbox.Name), CancellationToken.None);
        }
        if (sources.StartTls) options = OwnCertificate.Apply(options, context.MachineName, context.Time.GetUtcNow(), context.Error);
        FaultSet faults = new(context.Time);
        faults.Replace(options.Faults);
        HeldWriter output = new(context.Output);
        SmtpStart start = new()
        {
            Options = options,
            Store = store,
            FakeSaltKey = FakeSaltKey.ReadOrMake(options.DataDirectory),
            Time = context.Time,
            Faults = faults,
            Output = output,
            Error = context.Error,
        };
        // SMTP opens first: building the console's host takes longer than all else, and mail need not wait for it.
        await using IRunningSmtp smtp = await startSmtp(start, CancellationToken.None);
        await using IRunningConsole? console = options.Console is null ? null : await StartConsoleAsync(options.Console, start, smtp);
        store.StartIndexing(text => context.Error.WriteLine($"ehlo: {text}"));
        string[] consoleLines = console is null ? [] : [$"Listening {console.Url}"];
        output.Release(SmtpRun.ListeningLines(smtp).Concat(consoleLines));
        ServiceNotice.Send(ServiceNotice.Ready, context.Environment, context.Error);
        await stop.Requested;
        ServiceNotice.Send(ServiceNotice.Stopping, context.Environment, context.Error);
        await SmtpRun.UntilStoppedAsync(stop, smtp, context.Time);
        return ExitCode.Success;
    }

    // Its own method: the runtime loads ASP.NET when it compiles a method that names its types, so a run without console stays without.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<IRunningConsole> StartConsoleAsync(ConsoleOptions options, SmtpStart start, IRunningSmtp smtp) =>
        ConsoleHost.StartAsync(new ConsoleStart
        {
            Options = options,
            Store = start.Store!,
            Faults = start.Faults,
            Sessions = start.Sessions,
            Post = new MessagePost(start.Options, start.Store!, start.Output, context.Time),
            Smtp = smtp.Urls[0],
            Listeners = smtp.Urls,
            Serve = start.Options,
            Time = context.Time,
            Error = context.Error,
        });
}
