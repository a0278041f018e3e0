using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>The foreign servers by name; each is started by the first test that asks for it, and ended with the assembly.</summary>
public sealed class ForeignServers : IAsyncDisposable
{
    private static readonly Dictionary<string, (Offers Offers, Func<ForeignServer> Make)> Known = new()
    {
        ["Postfix"] = (
            Offers.StartTls | Offers.Auth | Offers.SmtpUtf8 | Offers.Dsn | Offers.Pipelining | Offers.Chunking | Offers.Refusals,
            () => new PostfixServer()),
        ["Exim"] = (
            Offers.StartTls | Offers.Auth | Offers.SmtpUtf8 | Offers.Dsn | Offers.Pipelining | Offers.Chunking | Offers.Refusals,
            () => new EximServer()),
        ["OpenSMTPD"] = (Offers.Dsn | Offers.Refusals, () => new OpenSmtpdServer()),
        ["Dovecot"] = (Offers.StartTls | Offers.Pipelining | Offers.Chunking | Offers.Refusals, () => new DovecotServer()),
        ["aiosmtpd"] = (Offers.StartTls | Offers.Auth | Offers.SmtpUtf8 | Offers.Refusals, () => new AiosmtpdServer()),
        ["smtp-sink"] = (Offers.Dsn | Offers.Pipelining, () => new SmtpSinkServer()),
        ["smtp-sink by LMTP"] = (Offers.Dsn | Offers.Pipelining, () => new SmtpSinkServer("-L")),
    };

    /// <summary>The mechanisms that they take a login by.</summary>
    internal static readonly Dictionary<string, string[]> Mechanisms = new()
    {
        ["Postfix"] = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"],
        ["Exim"] = ["CRAM-MD5", "PLAIN", "LOGIN"],
        ["aiosmtpd"] = ["PLAIN", "LOGIN"],
        ["smtp-sink"] = ["PLAIN"],
    };

    private readonly ConcurrentDictionary<string, Lazy<Task<ForeignServer>>> _started = new();

    /// <summary>The names of the servers that offer all of this.</summary>
    public static IEnumerable<string> Offering(Offers offers) =>
        Known.Where(pair => pair.Value.Offers.HasFlag(offers)).Select(pair => pair.Key);

    public static bool HasOffer(string name, Offers offer) => Known[name].Offers.HasFlag(offer);

    /// <summary>It runs.</summary>
    internal Task<ForeignServer> GetAsync(string name) =>
        _started.GetOrAdd(name, _ => new(() => StartAsync(Known[name].Make()), LazyThreadSafetyMode.ExecutionAndPublication)).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<ForeignServer>> server in _started.Values)
        {
            // One that did not start has ended already.
            if (server.Value.IsCompletedSuccessfully) await (await server.Value).DisposeAsync();
        }
    }

    private static async Task<ForeignServer> StartAsync(ForeignServer server)
    {
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
