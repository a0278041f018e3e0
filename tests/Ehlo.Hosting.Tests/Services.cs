using System;
using System.Collections.Concurrent;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Ehlo.Hosting.Tests;

/// <summary>What happened, in order.</summary>
internal sealed class Journal
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public int Made;

    public int Disposed;

    public void Add(string line) => Lines.Enqueue(line);
}

/// <summary>A scoped service that counts its lives.</summary>
internal sealed class Scoped(Journal journal) : IAsyncDisposable
{
    public int Number { get; } = Interlocked.Increment(ref journal.Made);

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref journal.Disposed);
        journal.Add($"dispose {Number}");
        return default;
    }
}

internal sealed class TestSession(SmtpServerConnection connection, Scoped scoped, Journal journal) : SmtpSession(connection)
{
    protected override async ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        await content.CopyToAsync(Stream.Null, cancellationToken);
        return Reply.Ok($"scope {scoped.Number}");
    }

    public override ValueTask DisposeAsync()
    {
        journal.Add("session disposed");
        return base.DisposeAsync();
    }
}

/// <summary>Its constructor throws, after its services were made.</summary>
internal sealed class StillbornSession : SmtpSession
{
    public StillbornSession(SmtpServerConnection connection, Scoped scoped)
        : base(connection) => throw new InvalidOperationException($"inner secret of scope {scoped.Number}");

    protected override ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken) =>
        new(Reply.Ok());
}

internal sealed class TestHandler(Scoped scoped) : IMessageHandler
{
    public async ValueTask<Reply> HandleAsync(MessageContext context, PipeReader content, CancellationToken cancellationToken)
    {
        await content.CopyToAsync(Stream.Null, cancellationToken);
        bool isSame = context.Services.GetRequiredService<Scoped>() == scoped;
        return Reply.Ok($"scope {scoped.Number}, {(isSame ? "of the transaction" : "another's")}");
    }
}

internal sealed class ThrowingHandler : IMessageHandler
{
    public ValueTask<Reply> HandleAsync(MessageContext context, PipeReader content, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("inner secret");
}

internal abstract class NamedFilter(string name, Journal journal) : SmtpFilter
{
    public override ValueTask<Reply?> OnConnectAsync(SessionContext context, CancellationToken cancellationToken) => Say("connect", null);

    public override ValueTask<Reply?> OnHelloAsync(SessionContext context, Hello hello, CancellationToken cancellationToken) =>
        Say("hello", hello.Name == $"refused-by-{name}.example" ? Reply.Refuse(name) : null);

    public override ValueTask<Reply?> OnMailAsync(MessageContext context, CancellationToken cancellationToken) =>
        Say("mail", context.Transaction.ReversePath.Address.StartsWith(name, StringComparison.Ordinal) ? Reply.Refuse(name) : null);

    public override ValueTask<Reply?> OnRcptAsync(MessageContext context, Recipient recipient, CancellationToken cancellationToken) =>
        Say("rcpt", recipient.Path.Address.StartsWith(name, StringComparison.Ordinal) ? Reply.Ok($"{name} takes it") : null);

    public override ValueTask<Reply?> OnDataAsync(MessageContext context, CancellationToken cancellationToken) =>
        Say("data", context.Transaction.Recipients.Count == 2 ? Reply.Refuse(name) : null);

    private ValueTask<Reply?> Say(string method, Reply? reply)
    {
        journal.Add($"{name} {method}");
        return new(reply);
    }
}

internal sealed class FirstFilter(Journal journal) : NamedFilter("first", journal);

internal sealed class SecondFilter(Journal journal) : NamedFilter("second", journal);

internal sealed class OnlyApp : IAuthenticator
{
    public AuthenticationKinds Kinds => AuthenticationKinds.Password;

    public ValueTask<AuthenticationResult?> AuthenticateAsync(
        SessionContext context, AuthenticationRequest request, CancellationToken cancellationToken) => new(
            request is PasswordRequest { AuthenticationIdentity: "app" } password
                ? password.Password == "right" ? AuthenticationResult.Accept("app") : AuthenticationResult.Refuse()
                : null);
}

internal sealed class AnybodyElse : IAuthenticator
{
    public AuthenticationKinds Kinds => AuthenticationKinds.Password;

    public ValueTask<AuthenticationResult?> AuthenticateAsync(
        SessionContext context, AuthenticationRequest request, CancellationToken cancellationToken) => new(AuthenticationResult.Accept("guest"));
}
