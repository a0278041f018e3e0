using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;

namespace Ehlo.App.Load;

/// <summary>A session that sends one message after another over a connection of its own.</summary>
internal sealed class ConnectionSession(LoadRunState run)
{
    // A server that takes no more connections says so to each attempt; a session that is turned away so often leaves them to the others.
    private const int MaxFailedConnects = 10;

    private SmtpConnection? _connection;
    private int _sent; // Over this connection.
    private string _step = "";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int failedConnects = 0;
        try
        {
            while (failedConnects < MaxFailedConnects && run.Schedule.TryTake(out LoadTicket ticket))
            {
                await run.Schedule.WaitAsync(ticket, run.Stopping);
                await SendAsync(ticket, cancellationToken);
                failedConnects = _connection is null && _step is "connect" or "hello" or "tls" or "auth" ? failedConnects + 1 : 0;
                if (run.Settings.PerConnection > 0 && _sent >= run.Settings.PerConnection) await DropAsync();
            }
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            // The message that was not due yet is not sent.
        }
        finally
        {
            await DropAsync();
        }
    }

    /// <summary>Connects, and gets ready to send.</summary>
    /// <param name="run">The run, whose tally is told of the connection.</param>
    /// <param name="enter">Is told what is done next.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task<SmtpConnection> ConnectAsync(LoadRunState run, Action<string> enter, CancellationToken cancellationToken)
    {
        SmtpDestination destination = run.Settings.Destination;
        enter("connect");
        long begun = run.Time.GetTimestamp();
        SmtpConnection connection = await SmtpConnection.OpenAsync(destination, run.Settings.Connection, cancellationToken);
        run.Tally.Connect();
        run.Tally.ConnectLatency.Add(run.Time.GetElapsedTime(begun));
        try
        {
            enter("hello");
            await connection.HelloAsync(cancellationToken: cancellationToken);
            if (connection.WantsStartTls)
            {
                enter("tls");
                await connection.StartTlsAsync(cancellationToken);
                enter("hello");
                await connection.HelloAsync(cancellationToken: cancellationToken);
            }
            enter("auth");
            if (destination.Credential is { } credential) await connection.AuthenticateAsync(credential, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task SendAsync(LoadTicket ticket, CancellationToken cancellationToken)
    {
        long? begun = null;
        try
        {
            if (ticket.Due is not null || _connection is not null) begun = run.Begin(ticket);
            _connection ??= await ConnectAsync(run, step => _step = step, cancellationToken);
            begun ??= run.Begin(ticket);
            _sent++;
            if (run.Settings.Mode is LoadMode.Lockstep) await SendInLockstepAsync(_connection, begun.Value, cancellationToken);
            else await SendAtOnceAsync(_connection, begun.Value, cancellationToken);
        }
        catch (SmtpConnectionException exception)
        {
            if (begun is null) run.Tally.Begin();
            // The content was not sent, or not to its end; what goes at once is not parted into steps.
            if (_step == "content" && exception.MaySendAgain) _step = run.Settings.Mode is LoadMode.Lockstep ? "data" : "";
            run.Tally.Fail(LoadError.Of(exception, _step), isUncertain: !exception.MaySendAgain, exception.Message);
            await DropAsync();
        }
        catch (OperationCanceledException)
        {
            if (begun is null) run.Tally.Begin();
            run.Tally.Fail(LoadError.Stopped, isUncertain: _step == "content", "The run was stopped.");
            await DropAsync();
        }
        if (_connection is { IsOpen: false }) await DropAsync();
    }

    private async ValueTask SendInLockstepAsync(SmtpConnection connection, long begun, CancellationToken cancellationToken)
    {
        _step = "mail";
        Reply reply = await connection.MailAsync(run.Envelope, cancellationToken);
        if (reply.Code != 250)
        {
            await RefuseAsync(connection, begun, reply, cancellationToken);
            return;
        }
        _step = "rcpt";
        foreach (EnvelopeRecipient recipient in run.Envelope.Recipients)
        {
            reply = await connection.RcptAsync(recipient, cancellationToken);
            // RFC 5321 section 4.3.2: 251 says that the server forwards.
            if (reply.Code is 250 or 251) continue;
            await RefuseAsync(connection, begun, reply, cancellationToken);
            return;
        }
        // The refusal of DATA is the one reply; that to the content comes after a 354.
        _step = "content";
        IReadOnlyList<Reply> replies = await connection.DataAsync(run.Content, cancellationToken);
        foreach (Reply final in replies)
        {
            if (final.Code == 250) continue;
            if (connection.HasTransaction) _step = "data";
            await RefuseAsync(connection, begun, final, cancellationToken);
            return;
        }
        run.Tally.Accept(run.Time.GetElapsedTime(begun));
    }

    // The transaction of a message that was refused half-way would be in the way of the next.
    private async ValueTask RefuseAsync(SmtpConnection connection, long begun, Reply reply, CancellationToken cancellationToken)
    {
        run.Tally.Refuse(run.Time.GetElapsedTime(begun), LoadError.Reply(_step, reply.Code), reply.ToString());
        if (!connection.HasTransaction || !connection.IsOpen) return;
        try
        {
            await connection.ResetAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is SmtpConnectionException or OperationCanceledException)
        {
            // The message was counted; the connection is closed now.
        }
    }

    private async ValueTask SendAtOnceAsync(SmtpConnection connection, long begun, CancellationToken cancellationToken)
    {
        _step = "content";
        SendResult result = await connection.SendAsync(run.Envelope, run.Content, cancellationToken);
        SenderSession.Count(run, result, begun);
    }

    private async ValueTask DropAsync()
    {
        if (_connection is not { } connection) return;
        (_connection, _sent) = (null, 0);
        await connection.DisposeAsync();
    }
}
