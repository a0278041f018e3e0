using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Ehlo.Hosting;

/// <summary>The session class that asks services: filters and authenticators of the session's scope, a handler of the transaction's.</summary>
internal sealed class ServiceSession : SmtpSession
{
    private readonly SessionContext _context;
    private readonly IServiceScopeFactory _scopes;
    private readonly SmtpFilter[] _filters;
    private readonly IAuthenticator[] _authenticators;
    private AsyncServiceScope? _scope;
    private MessageContext? _message;
    private bool _isDataAccepted;

    public ServiceSession(SmtpServerConnection connection, IServiceProvider services)
        : base(connection)
    {
        _context = new(this, services);
        _scopes = services.GetRequiredService<IServiceScopeFactory>();
        _filters = [.. services.GetServices<SmtpFilter>()];
        _authenticators = [.. services.GetServices<IAuthenticator>()];
        AuthenticationKinds = _authenticators.Aggregate(AuthenticationKinds.None, (kinds, authenticator) => kinds | authenticator.Kinds);
    }

    public override AuthenticationKinds AuthenticationKinds { get; }

    protected override async ValueTask<Reply> OnConnectAsync(CancellationToken cancellationToken)
    {
        foreach (SmtpFilter filter in _filters)
            if (await filter.OnConnectAsync(_context, cancellationToken) is { } reply) return reply;
        return await base.OnConnectAsync(cancellationToken);
    }

    protected override async ValueTask<Reply> OnHelloAsync(Hello hello, CancellationToken cancellationToken)
    {
        foreach (SmtpFilter filter in _filters)
            if (await filter.OnHelloAsync(_context, hello, cancellationToken) is { } reply) return reply;
        return await base.OnHelloAsync(hello, cancellationToken);
    }

    protected override async ValueTask<AuthenticationResult> OnAuthenticateAsync(
        AuthenticationRequest request, CancellationToken cancellationToken)
    {
        foreach (IAuthenticator authenticator in _authenticators)
            if (await authenticator.AuthenticateAsync(_context, request, cancellationToken) is { } result) return result;
        return AuthenticationResult.Refuse();
    }

    protected override async ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken)
    {
        _scope = _scopes.CreateAsyncScope();
        _message = new(_context, transaction, _scope.Value.ServiceProvider);
        _isDataAccepted = false;
        Reply reply = Reply.Ok();
        bool isOpened = false;
        try
        {
            foreach (SmtpFilter filter in _filters)
            {
                if (await filter.OnMailAsync(_message, cancellationToken) is not { } decision) continue;
                reply = decision;
                break;
            }
            isOpened = reply.IsPositive;
        }
        finally
        {
            // No transaction is opened then, so none will end.
            if (!isOpened) await EndScopeAsync();
        }
        return reply;
    }

    protected override async ValueTask<Reply> OnRcptAsync(MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken)
    {
        foreach (SmtpFilter filter in _filters)
            if (await filter.OnRcptAsync(_message!, recipient, cancellationToken) is { } reply) return reply;
        return Reply.Ok();
    }

    protected override async ValueTask<Reply> OnDataAsync(MailTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (SmtpFilter filter in _filters)
        {
            if (await filter.OnDataAsync(_message!, cancellationToken) is not { } reply) continue;
            _isDataAccepted = reply.IsPositive;
            return reply;
        }
        _isDataAccepted = true;
        return Reply.Ok();
    }

    protected override async ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        // BDAT comes here without OnDataAsync, and a filter must see every message.
        if (!_isDataAccepted && await OnDataAsync(transaction, cancellationToken) is { IsPositive: false } refusal) return refusal;
        IMessageHandler handler = _message!.Services.GetRequiredService<IMessageHandler>();
        return await handler.HandleAsync(_message, content, cancellationToken);
    }

    protected override ValueTask OnResetAsync(ResetCause cause, CancellationToken cancellationToken) => EndScopeAsync();

    // Also where OnMailAsync accepted with a reply that does not stand, so that no transaction was opened.
    public override async ValueTask DisposeAsync()
    {
        await EndScopeAsync();
        await base.DisposeAsync();
    }

    private async ValueTask EndScopeAsync()
    {
        if (_scope is not { } scope) return;
        (_scope, _message) = (null, null);
        await scope.DisposeAsync();
    }
}
