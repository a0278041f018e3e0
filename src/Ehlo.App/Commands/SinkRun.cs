using System;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Routing;
using Ehlo.App.Smtp;

namespace Ehlo.App.Commands;

/// <summary>
/// <c>ehlo sink</c>: <c>serve</c> with the discard route and nothing else, so that a measurement measures SMTP. It reads neither file
/// nor environment, and names no type of ASP.NET, whose assemblies would count in the memory measured.
/// </summary>
internal sealed class SinkRun(StartSmtp startSmtp, ProgramContext context)
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
        HeldWriter output = new(context.Output);
        SmtpStart start = new()
        {
            Options = Options(port, certificate),
            Store = null,
            // Everybody is let in, so no salt is ever made up; and to ask for chance would load OpenSSL, some 6 MB.
            FakeSaltKey = new byte[32],
            RunOnEventLoop = runOnEventLoop,
            Time = context.Time,
            Output = output,
            Error = context.Error,
        };
        await using IRunningSmtp smtp = await startSmtp(start, default);
        output.Release(SmtpRun.ListeningLines(smtp));
        await SmtpRun.UntilStoppedAsync(stop, smtp, context.Time);
        return ExitCode.Success;
    }

    private ServeOptions Options(int? port, CertificateOptions? certificate)
    {
        EndpointAddress endpoint = EndpointAddress.Loopback(port ?? DefaultPort);
        return new ServeOptions
        {
            ServerName = HostName.IsValid(context.MachineName) ? context.MachineName : "localhost",
            DataDirectory = "",
            Listeners =
            [
                new ListenerOptions
                {
                    Endpoint = endpoint,
                    Name = endpoint.ToString(),
                    AllowPlaintextAuthentication = true,
                    Tls = certificate is null ? ListenerTls.None : ListenerTls.Implicit,
                    Certificates = certificate is null ? [] : [certificate],
                },
            ],
            Authentication = AuthenticationMode.Any,
            Users = [],
            Extensions = new ExtensionsOptions(),
            Limits = new LimitsOptions
            {
                MaxCommands = LimitsOptions.NoLimit,
                MaxConnections = LimitsOptions.NoLimit,
                MaxConnectionsPerAddress = LimitsOptions.NoLimit,
            },
            Routes = RouteTable.Everything(new Destination.Discard()),
            Console = null,
        };
    }
}
