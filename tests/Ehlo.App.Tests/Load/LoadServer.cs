using System;
using System.Collections.Concurrent;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.App.Tests.Load;

/// <summary>The server library in process: it keeps what it gets, or refuses it.</summary>
internal sealed class LoadServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SmtpListener _listener = SmtpListener.Parse("127.0.0.1:0");
    private Func<string, Reply?> _answer = _ => null; // To a verb, "connect" or "content"; null for what the library says.
    private Func<Extension, bool> _offers = _ => true;
    private SmtpServer? _server;
    private Task? _running;
    private int _connections;

    public ConcurrentQueue<(MailTransaction Transaction, byte[] Content, string? Identity)> Messages { get; } = [];

    /// <summary>Connections that were greeted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public string Url => $"smtp://127.0.0.1:{((IPEndPoint)_listener.EndPoint).Port}";

    public static LoadServer Start(
        Func<string, Reply?>? answer = null, Func<Extension, bool>? offers = null, Action<SmtpListener>? configure = null)
    {
        LoadServer server = new() { _answer = answer ?? (_ => null), _offers = offers ?? (_ => true) };
        configure?.Invoke(server._listener);
        server._server = new(
            new SmtpServerOptions { ServerName = "mx.example", Listeners = { server._listener } }, connection => new Session(connection, server));
        server._running = server._server.RunAsync(server._stop.Token);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null) await _running;
        if (_server is not null) await _server.DisposeAsync();
        _stop.Dispose();
    }

    private sealed class Session(SmtpServerConnection connection, LoadServer server) : SmtpSession(connection)
    {
        public override AuthenticationKinds AuthenticationKinds => AuthenticationKinds.Password;

        protected override ValueTask<Reply> OnConnectAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref server._connections);
            return Say("connect") ?? base.OnConnectAsync(ct);
        }

        protected override bool Offers(Extension extension) => server._offers(extension);

        protected override ValueTask<AuthenticationResult> OnAuthenticateAsync(AuthenticationRequest request, CancellationToken ct) =>
            new(AuthenticationResult.Accept("app"));

        protected override ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken ct) =>
            Say("mail") ?? base.OnMailAsync(transaction, ct);

        protected override ValueTask<Reply> OnRcptAsync(MailTransaction transaction, Recipient recipient, CancellationToken ct) =>
            Say("rcpt") ?? base.OnRcptAsync(transaction, recipient, ct);

        protected override ValueTask<Reply> OnDataAsync(MailTransaction transaction, CancellationToken ct) =>
            Say("data") ?? base.OnDataAsync(transaction, ct);

        protected override async ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken ct)
        {
            using MemoryStream octets = new();
            await content.CopyToAsync(octets, ct);
            if (server._answer("content") is { } refusal) return refusal;
            server.Messages.Enqueue((transaction, octets.ToArray(), Connection.Identity?.Name));
            return Reply.Ok();
        }

        private ValueTask<Reply>? Say(string step) => server._answer(step) is { } reply ? new ValueTask<Reply>(reply) : null;
    }
}
