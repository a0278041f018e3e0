using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Ehlo.App.Load;
using Ehlo.App.Send;
using Ehlo.Client;
using Ehlo.Sasl;

namespace Ehlo.App.Commands;

/// <summary><c>ehlo load</c>: checks the command line, runs, shows progress, reports.</summary>
internal sealed class LoadRun(ProgramContext context)
{
    private const int DefaultMessages = 10_000;

    public async Task<int> RunAsync(LoadArguments arguments)
    {
        if (!TryReadSettings(arguments, out LoadSettings settings, out string problem)) return Complain(ExitCode.Usage, problem);
        using IStopSignal stop = context.ListenForStop();
        LoadGenerator generator = new(settings);
        LoadResult result;
        try
        {
            Task<LoadResult> running = generator.RunAsync(stop.Requested);
            if (context.IsErrorTerminal && !arguments.NoProgress) await new LoadProgress(context.Error, settings, generator).FollowAsync(running);
            result = await running;
        }
        catch (Exception exception) when (exception is SmtpConnectionException or InvalidDataException or OperationCanceledException)
        {
            return Complain(ExitCode.Failure, exception.Message);
        }
        if (arguments.Json) LoadReport.WriteJson(context.Output, result);
        else LoadReport.Write(context.Output, result);
        return result.IsWhole ? ExitCode.Success : ExitCode.Failure;
    }

    private bool TryReadSettings(LoadArguments arguments, out LoadSettings settings, out string problem)
    {
        settings = null!;
        problem = "";
        try
        {
            SmtpDestination destination = ReadDestination(arguments);
            if (FindContradiction(arguments, destination) is { } contradiction)
            {
                problem = contradiction;
                return false;
            }
            settings = new()
            {
                Destination = destination,
                Connection = ReadConnection(arguments),
                Mode = arguments.Mode,
                Sessions = arguments.Messages is { } most ? Math.Min(arguments.Sessions, most) : arguments.Sessions,
                Messages = arguments.Seconds is null ? arguments.Messages ?? DefaultMessages : null,
                Duration = arguments.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                WarmUp = arguments.WarmUp,
                Octets = arguments.Octets,
                Recipients = arguments.Recipients,
                PerConnection = arguments.PerConnection,
                Depth = arguments.Depth ?? (arguments.Mode is LoadMode.Pipelined ? 2 : 1),
                Rate = arguments.Rate,
            };
            if (arguments.From is { } from) settings = settings with { From = from };
            if (arguments.To is { } to) settings = settings with { To = to };
            settings.MakeEnvelope();
            return true;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            problem = exception.Message;
            return false;
        }
    }

    private static string? FindContradiction(LoadArguments arguments, SmtpDestination destination)
    {
        if (arguments is { Messages: not null, Seconds: not null }) return "--messages and --seconds do not go together";
        if (arguments.User is null != arguments.PasswordFile is null) return "--user and --password-file go together";
        if (arguments is { AuthorityFile: not null, Insecure: true }) return "--ca and --insecure do not go together";
        if (arguments is { Mode: LoadMode.Lockstep, Depth: > 1 })
            return "--depth needs --mode pipelined or bdat: in lockstep a message waits for the one before it";
        // Load on a machine that did not ask for it is an attack; nobody types its name twice by mistake.
        if (!destination.IsLocal && !destination.Host.Equals(arguments.AllowRemote, StringComparison.OrdinalIgnoreCase))
            return $"{destination.Host} is another machine: load it only if it is yours, and say so with --allow-remote {destination.Host}";
        return null;
    }

    private SmtpDestination ReadDestination(LoadArguments arguments)
    {
        SmtpDestination destination = SmtpDestination.Parse(arguments.Url);
        if (ClientValues.Tls(arguments.Tls) is { } tls) destination = destination with { Tls = tls };
        if (arguments is not { User: { } user, PasswordFile: { } file }) return destination;
        string password = File.ReadLines(Full(file)).FirstOrDefault() ?? throw new FormatException($"{file} is empty, and no password");
        return destination with { Credential = new PasswordCredential(user, password) };
    }

    private SmtpConnectionOptions ReadConnection(LoadArguments arguments) => new()
    {
        TimeProvider = context.Time,
        RunOnEventLoop = arguments.RunOnEventLoop,
        UseChunking = arguments.Mode is LoadMode.Bdat,
        UsePipelining = arguments.Mode is not LoadMode.Lockstep,
        CertificateValidation = arguments is { AuthorityFile: null, Insecure: false }
            ? null
            : new ServerTrust(ReadAuthorities(arguments.AuthorityFile), arguments.Insecure).Decide,
        Timeouts = ClientValues.Timeouts(arguments.Timeout),
    };

    private X509Certificate2Collection? ReadAuthorities(string? file)
    {
        if (file is null) return null;
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(Full(file));
        if (authorities.Count == 0) throw new FormatException($"{file} holds no certificate");
        return authorities;
    }

    private string Full(string path) => Path.GetFullPath(path, context.CurrentFolder);

    private int Complain(int code, string message)
    {
        context.Error.WriteLine($"ehlo: {message}");
        return code;
    }
}
