using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Certificates;
using Ehlo.App.Configuration;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Ehlo.App.Mailboxes;
using Ehlo.App.Posting;
using Ehlo.App.Release;
using Ehlo.App.Smtp;
using Ehlo.App.Telemetry;
using Ehlo.App.Users;
using Ehlo.App.Webhooks;
using Ehlo.Server;
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
        foreach (string file in store.MissingFiles) TellError($"{file} is gone, and with it the contents of its messages; the rest can be read");
        if (options.Mailboxes.Count > 0)
        {
            await store.EnsureMailboxesAsync(options.Mailboxes.Select(mailbox => mailbox.Name), CancellationToken.None);
        }
        if (sources.StartTls) options = OwnCertificate.Apply(options, context.MachineName, context.Time.GetUtcNow(), context.Error);
        FaultSet faults = new(context.Time);
        faults.Replace(options.Faults);
        HeldWriter output = new(context.Output);
        Func<SmtpServerObserver, SmtpServerObserver> observe = observer => observer;
        using IDisposable? telemetry = options.Telemetry.IsOn ? StartTelemetry(options.Telemetry, store, out observe) : null;
        SmtpStart start = new()
        {
            Options = options,
            Store = store,
            FakeSaltKey = FakeSaltKey.ReadOrMake(options.DataDirectory),
            Time = context.Time,
            Faults = faults,
            Observe = observe,
            Output = output,
            Error = context.Error,
        };
        // SMTP opens first: building the console's host takes longer than all else, and mail need not wait for it.
        await using IRunningSmtp smtp = await startSmtp(start, CancellationToken.None);
        await using WebhookService? webhooks = StartWebhooks(options, store);
        await using MessageRelease? release = options.Release is { } to
            ? new MessageRelease(to, store, options.ServerName, output, context.Time)
            : null;
        ConsoleStart consoleStart = Describe(start, smtp) with { Webhooks = webhooks, Release = release };
        await using IRunningConsole? console = options.Console is null ? null : await StartConsoleAsync(consoleStart);
        store.StartIndexing(TellError);
        await using RetentionRun? retention = RetentionRun.Start(store, options, context.Time, TellError);
        string[] urls = console is null ? [.. smtp.Urls] : [.. smtp.Urls, console.Url];
        output.Release(urls.Select(SmtpRun.ListeningLine));
        ServiceNotice.Send(ServiceNotice.Ready, context.Environment, context.Error);
        await stop.Requested;
        ServiceNotice.Send(ServiceNotice.Stopping, context.Environment, context.Error);
        await SmtpRun.UntilStoppedAsync(stop, smtp.StopAsync, context.Time);
        return ExitCode.Success;
    }

    // Its own method: the runtime loads ASP.NET when it compiles a method that names its types, so a run without console stays without.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<IRunningConsole> StartConsoleAsync(ConsoleStart start) => ConsoleHost.StartAsync(start);

    // Its own method, for the same reason: without telemetry nothing of OpenTelemetry is loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ProgramTelemetry StartTelemetry(
        TelemetryOptions options, InboxStore store, out Func<SmtpServerObserver, SmtpServerObserver> observe)
    {
        ProgramTelemetry telemetry = new(options, store, context.Time);
        observe = telemetry.Observe;
        return telemetry;
    }

    private ConsoleStart Describe(SmtpStart start, IRunningSmtp smtp) => new()
    {
        Options = start.Options.Console!,
        SignIn = start.Options.Console?.SignIn is { } signIn
            ? new SignIn(signIn, MailboxUsers.Of(start.Options.Mailboxes), context.Time, TellError)
            : null,
        HasPrometheus = start.Options.Telemetry.Prometheus,
        KeysFolder = Path.Combine(start.Options.DataDirectory, "keys"),
        Store = start.Store,
        Faults = start.Faults,
        Sessions = start.Sessions,
        Dns = start.Options.Dns,
        Post = new MessagePost(start.Options, start.Store, start.Output, context.Time),
        Smtp = smtp.Urls[0],
        Listeners = smtp.Urls,
        Serve = start.Options,
        Time = context.Time,
        Error = context.Error,
    };

    private WebhookService? StartWebhooks(ServeOptions options, InboxStore store) => options.Webhooks.Count == 0
        ? null
        : new WebhookService(options.Webhooks, store, options.DataDirectory, context.Time, TellError);

    private void TellError(string text)
    {
        lock (context.Error) context.Error.WriteLine($"ehlo: {text}");
    }
}
