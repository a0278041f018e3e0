using System;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;

namespace Ehlo.App.Tests.Send;

/// <summary>A server that refuses what a test wants refused.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly SmtpListener _listener = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly SmtpServer _server;

    public Receiver()
    {
        _server = new(new() { ServerName = "mx.test", Listeners = { _listener } }, connection => new Session(connection, this));
        _server.Start();
    }

    public Func<Recipient, Reply> OnRcpt { get; init; } = _ => Reply.Ok();

    public Func<Reply> OnMessage { get; init; } = () => Reply.Ok();

    /// <summary>What a test waits for before the message is answered.</summary>
    public Task Answer { get; init; } = Task.CompletedTask;

    /// <summary>Is set when a message has come whole.</summary>
    public TaskCompletionSource Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Url => $"smtp://{_listener.EndPoint}";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class Session(SmtpServerConnection connection, Receiver receiver) : SmtpSession(connection)
    {
        protected internal override ValueTask<Reply> OnRcptAsync(
            MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken) =>
            new(receiver.OnRcpt(recipient));

        protected internal override async ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
        {
            await content.CopyToAsync(Stream.Null, cancellationToken);
            receiver.Received.TrySetResult();
            await receiver.Answer.WaitAsync(cancellationToken);
            return receiver.OnMessage();
        }
    }
}
