using System;
using System.Net;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Smtp;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.App.Commands;

/// <summary>
/// <c>ehlo sink</c>: the library's server with a session that takes everything and drops it, so that a measurement measures SMTP. It reads neither
/// file nor environment, and loads neither ASP.NET nor SQLite nor what else it does not need, which would count in the memory measured.
/// </summary>
internal sealed class SinkRun(ProgramContext context)
{
    private const int DefaultPort = 2525;

    // The platform's own setting; whoever has set it means it.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <param name="certificate">For TLS from the first octet; null for clear text.</param>
    public async Task<int> RunAsync(int? port, bool runOnEventLoop, CertificateOptions? certificate)
    {
        // The platform reads it before its first socket: then what waits for one goes on upon the thread that has the news. Nothing here
        // blocks; `serve` never does it, since it would hold for its web server too.
        if (!runOnEventLoop && Environment.GetEnvironmentVariable(InlineCompletions) is null)
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        using IStopSignal stop = context.ListenForStop();
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, port ?? DefaultPort))
        {
            AllowPlaintextAuthentication = true,
            Mechanisms = [new PlainMechanism(), new LoginMechanism()],
        };
        if (certificate is not null)
        {
            (listener.Tls, listener.Certificates) =
                (TlsMode.Implicit, CertificateFiles.Read([certificate], "--certificate and --private-key"));
        }
        await using SmtpServer server = new(Options(listener, runOnEventLoop), connection => new SinkSession(connection));
        string scheme = certificate is null ? "smtp" : "smtps";
        try
        {
            server.Start();
        }
        catch (ListenException exception)
        {
            throw StartException.CannotListen($"{scheme}://{listener.EndPoint}", exception);
        }
        context.Output.WriteLine(SmtpRun.ListeningLine($"{scheme}://{listener.EndPoint}"));
        context.Output.Flush();
        await SmtpRun.UntilStoppedAsync(stop, server.StopAsync, context.Time);
        return ExitCode.Success;
    }

    private SmtpServerOptions Options(SmtpListener listener, bool runOnEventLoop) => new()
    {
        ServerName = HostName.IsValid(context.MachineName) ? context.MachineName : "localhost",
        Listeners = [listener],
        Limits = new() { MaxCommands = 0, MaxConnections = 0, MaxConnectionsPerAddress = 0 },
        // No mechanism here shows a salt; and to ask for chance would load OpenSSL, some 6 MB.
        FakeSaltKey = new byte[32],
        Observer = new ErrorLog(context.Error),
        RunOnEventLoop = runOnEventLoop,
        TimeProvider = context.Time,
    };
}
