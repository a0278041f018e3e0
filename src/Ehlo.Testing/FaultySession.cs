using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.Testing;

/// <summary>
/// A session class that fails as a <see cref="FaultSet"/> says: derive from it in the place of <see cref="SmtpSession"/>. Where there are no
/// faults it costs a look at an empty list.
/// </summary>
/// <remarks>
/// A method that is overridden begins with the base's, and returns what that returns unless it is positive. AUTH and content have methods of
/// their own, which are not called where a fault stands in their place: <see cref="AuthenticateAsync"/> and <see cref="ReceiveAsync"/>.
/// </remarks>
public abstract class FaultySession : SmtpSession
{
    // Never said: the connection is gone when it would be.
    private static readonly Reply Dropped = new(421, "Dropped");

    private readonly FaultSet _faults;
    private MailTransaction? _askedForData;

    /// <summary>Makes a session for a connection.</summary>
    protected FaultySession(SmtpServerConnection connection, FaultSet faults)
        : base(connection)
    {
        ArgumentNullException.ThrowIfNull(faults);
        _faults = faults;
    }

    /// <summary>A fault takes place: for a note of it. Not called for those at an implicit TLS handshake, before there is a session.</summary>
    protected virtual void OnFault(Fault fault)
    {
    }

    /// <summary>As <see cref="SmtpSession.OnAuthenticateAsync"/>, where no fault stands in its place.</summary>
    protected virtual ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
        new(AuthenticationResult.Refuse());

    /// <summary>As <see cref="SmtpSession.OnMessageAsync"/>, where no fault stands in its place.</summary>
    protected abstract ValueTask<Reply> ReceiveAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override async ValueTask<Reply> OnConnectAsync(CancellationToken cancellationToken) =>
        await FailAsync(FaultStep.Connect, null, null, null, cancellationToken) ?? await base.OnConnectAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async ValueTask<Reply> OnHelloAsync(Hello hello, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hello);
        return await FailAsync(FaultStep.Hello, hello.Name, null, null, cancellationToken) ?? await base.OnHelloAsync(hello, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async ValueTask<Reply> OnStartTlsAsync(CancellationToken cancellationToken) =>
        await FailAsync(FaultStep.StartTls, Hello?.Name, null, null, cancellationToken) ?? await base.OnStartTlsAsync(cancellationToken);

    /// <summary>Override <see cref="AuthenticateAsync"/> in its place.</summary>
    protected sealed override async ValueTask<AuthenticationResult> OnAuthenticateAsync(
        AuthenticationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Reply? fault = await FailAsync(FaultStep.Auth, Hello?.Name, request.ClaimedIdentity, null, cancellationToken);
        return fault is { } reply ? AuthenticationResult.Refuse(reply) : await AuthenticateAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return _faults.IsEmpty ? base.OnMailAsync(transaction, cancellationToken) : FailOrMailAsync(transaction, cancellationToken);
    }

    /// <inheritdoc/>
    protected override ValueTask<Reply> OnRcptAsync(MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        return _faults.IsEmpty
            ? base.OnRcptAsync(transaction, recipient, cancellationToken)
            : FailOrRcptAsync(transaction, recipient, cancellationToken);
    }

    /// <inheritdoc/>
    protected override ValueTask<Reply> OnDataAsync(MailTransaction transaction, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        _askedForData = transaction;
        return _faults.IsEmpty ? base.OnDataAsync(transaction, cancellationToken) : FailOrDataAsync(transaction, cancellationToken);
    }

    /// <summary>Override <see cref="ReceiveAsync"/> in its place.</summary>
    protected sealed override ValueTask<Reply> OnMessageAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken) =>
        _faults.IsEmpty
            ? ReceiveAsync(transaction, content, cancellationToken)
            : ReceiveOrFailAsync(transaction, content, cancellationToken);

    private async ValueTask<Reply> FailOrMailAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
        await FailAsync(FaultStep.Mail, Hello?.Name, transaction.ReversePath.Address, null, cancellationToken)
            ?? await base.OnMailAsync(transaction, cancellationToken);

    private async ValueTask<Reply> FailOrRcptAsync(MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken) =>
        await FailAsync(FaultStep.Rcpt, Hello?.Name, recipient.Path.Address, null, cancellationToken)
            ?? await base.OnRcptAsync(transaction, recipient, cancellationToken);

    private async ValueTask<Reply> FailOrDataAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
        await FailAsync(FaultStep.Data, Hello?.Name, null, transaction.Recipients, cancellationToken)
            ?? await base.OnDataAsync(transaction, cancellationToken);

    private async ValueTask<Reply> ReceiveOrFailAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        // A message in chunks has no DATA to be asked about.
        if (_askedForData != transaction
            && await FailAsync(FaultStep.Data, Hello?.Name, null, transaction.Recipients, cancellationToken) is { } refusal) return refusal;
        if (_faults.Take(FaultStep.Message, Hello?.Name, recipients: transaction.Recipients) is not { } fault)
            return await ReceiveAsync(transaction, content, cancellationToken);
        OnFault(fault);
        if (fault.OctetsPerSecond is { } rate) content = new PacedReader(content, rate, _faults.TimeProvider, cancellationToken);
        Reply? own = null;
        if (fault.Keeps || (fault.Answer is null && !fault.Disconnects))
        {
            own = await ReceiveAsync(transaction, content, cancellationToken);
            if (own is { IsPositive: false }) return own.Value;
        }
        else
        {
            await DropAsync(content, fault.AfterOctets ?? long.MaxValue, cancellationToken);
        }
        return await ApplyAsync(fault, cancellationToken) ?? own!.Value;
    }

    private static async ValueTask DropAsync(PipeReader content, long octets, CancellationToken cancellationToken)
    {
        while (octets > 0)
        {
            ReadResult result = await content.ReadAsync(cancellationToken);
            octets -= result.Buffer.Length;
            content.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) return;
        }
    }

    private ValueTask<Reply?> FailAsync(
        FaultStep step, string? hello, string? address, IReadOnlyList<Recipient>? recipients, CancellationToken cancellationToken)
    {
        if (_faults.IsEmpty || _faults.Take(step, hello, address, recipients) is not { } fault) return default;
        OnFault(fault);
        return ApplyAsync(fault, cancellationToken);
    }

    // What is answered in the place of the step's own reply; null to go on with it.
    private async ValueTask<Reply?> ApplyAsync(Fault fault, CancellationToken cancellationToken)
    {
        await _faults.WaitAsync(fault, cancellationToken);
        if (fault.FailsTls) _faults.FailHandshake(Connection);
        if (!fault.Disconnects) return fault.Answer;
        Connection.Abort();
        return Dropped;
    }
}
