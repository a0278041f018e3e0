using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;
using Ehlo.Server;

namespace Ehlo.Benchmarks;

/// <summary>What the options of a server cost: the time of a message of 1 KB, of many over one connection in memory, pipelined.</summary>
public class DefaultsBenchmarks
{
    private const int Messages = 500;

    private readonly byte[] _input = Input();
    private Func<ScriptedStream, Task> _serve = null!;

    /// <summary>One thing that is different from the defaults.</summary>
    public enum Options
    {
        /// <summary>Nothing.</summary>
        Default,

        /// <summary>No limit that can be switched off.</summary>
        NoLimits,

        /// <summary>No extension that can be switched off.</summary>
        NoExtensions,

        /// <summary>A limiter of rates that lets all pass, and counts nothing.</summary>
        RateLimiter,

        /// <summary>An observer whose methods do nothing, as the default one's, but are overridden.</summary>
        Observer,
    }

    [ParamsAllValues]
    public Options Different { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        SmtpServerOptions defaults = new();
        bool bare = Different is Options.NoExtensions;
        SmtpServer server = new(
            new SmtpServerOptions
            {
                ServerName = "mx.example",
                Listeners = { listener },
                Limits = Different is Options.NoLimits ? NoLimits() : defaults.Limits,
                Chunking = !bare,
                BinaryMime = !bare,
                SmtpUtf8 = !bare,
                Extensions = bare ? [] : defaults.Extensions,
                RateLimiter = Different is Options.RateLimiter ? new OpenLimiter() : null,
                Observer = Different is Options.Observer ? new SilentObserver() : defaults.Observer,
            },
            connection => new DroppingSession(connection));
        _serve = stream => server.ServeAsync(stream, listener);
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public async Task<int> Message()
    {
        await using ScriptedStream stream = new(_input);
        await _serve(stream);
        return Check.Is((Messages * 4) + 3, stream.Replies);
    }

    private static SmtpLimits NoLimits() => new()
    {
        MaxMessageOctets = 0,
        MaxRecipients = 0,
        MaxErrors = 0,
        MaxCommands = 0,
        MaxRefusedRecipients = 0,
        MaxAuthenticationFailures = 0,
        MaxConnections = 0,
        MaxConnectionsPerAddress = 0,
        MaxMemoryOctets = 0,
        MinContentOctetsPerSecond = 0,
    };

    private static byte[] Input()
    {
        string content = string.Concat(Enumerable.Repeat(new string('a', 76) + "\r\n", 13));
        string message = $"MAIL FROM:<sender@client.example>\r\nRCPT TO:<first@mx.example>\r\nDATA\r\n{content}.\r\n";
        return Encoding.ASCII.GetBytes($"EHLO client.example\r\n{string.Concat(Enumerable.Repeat(message, Messages))}QUIT\r\n");
    }

    private sealed class OpenLimiter : SmtpRateLimiter
    {
        public override bool TryAcquire(SmtpRateEvent what, SmtpServerConnection connection) => true;
    }

    private sealed class SilentObserver : SmtpServerObserver
    {
        public override void TransactionStarted(SmtpServerConnection connection, MailTransaction transaction)
        {
        }

        public override void TransactionEnded(SmtpServerConnection connection, MailTransaction transaction, ResetCause cause)
        {
        }
    }
}
