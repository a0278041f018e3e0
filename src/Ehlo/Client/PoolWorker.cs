using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>Keeps one connection of a pool busy, and replaces it when it is used up or has died.</summary>
internal sealed class PoolWorker(ConnectionPool pool) : ITransferSource
{
    private readonly Queue<PendingMessage> _again = [];
    private SmtpConnection? _connection;
    private PendingMessage? _current; // Whose further transfers are next.

    /// <summary>Works until there has been nothing to do for a while, or the pool ends.</summary>
    public async Task RunAsync()
    {
        while (_again.Count > 0 || await WaitAsync())
        {
            try
            {
                if (!await ConnectAsync()) break;
                await SendAsync(_connection!);
                // The server need not wait for the next message to learn that its connection is of no use any more.
                if (_connection is { IsOpen: false }) await DropAsync();
            }
            catch (Exception exception) when (exception is not SmtpConnectionException)
            {
                // A fault of our own must not leave somebody waiting for ever.
                FailAll(new SmtpConnectionException($"The sender failed: {exception.Message}", exception), isCertain: false);
            }
        }
        await DropAsync();
    }

    bool ITransferSource.TryTake([NotNullWhen(true)] out MessageTransfer? transfer)
    {
        transfer = null;
        while (_current?.TryTake(out transfer) != true)
        {
            if (!TryTakeMessage(out _current)) return false;
            _current.Start(_connection!.Extensions);
        }
        return transfer is not null;
    }

    void ITransferSource.Complete(MessageTransfer transfer)
    {
        PendingMessage message = (PendingMessage)transfer.Owner!;
        // A server that closes has refused nothing: another connection may do.
        if (transfer.IsToldToGo && message.MayReturn(transfer, pool.Options.MaxAttempts)) Return(message, transfer);
        else if (message.Complete(transfer)) TakeAgain(message);
    }

    private bool TryTakeMessage([NotNullWhen(true)] out PendingMessage? message)
    {
        while (_again.TryDequeue(out message) || pool.Queue.TryRead(out message))
        {
            if (!message.IsCancelled) return true;
            message.Cancel();
        }
        return false;
    }

    // False when nothing came for long enough, or nothing will.
    private async ValueTask<bool> WaitAsync()
    {
        if (pool.Queue.TryPeek(out _)) return true;
        using CancellationTokenSource idle = new(pool.Options.IdleTimeout, pool.Options.Connection.TimeProvider);
        pool.SetIdle(true);
        try
        {
            return await pool.Queue.WaitToReadAsync(idle.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            pool.SetIdle(false);
        }
    }

    // A connection that can be used. False where there is none, and the messages that there are have been told or left to others.
    private async ValueTask<bool> ConnectAsync()
    {
        // Whatever lies there unread while nothing was asked is the end, or a 421.
        if (_connection is { } old && (!old.Wire.MayBeginMessage || old.Wire.IsReadable)) await DropAsync();
        if (_connection is not null) return true;
        try
        {
            _connection = await SmtpConnection.ConnectAsync(pool.Destination, pool.Options.Connection, pool.Memory, CancellationToken.None);
            _connection.Wire.MaxMessages = pool.Options.MaxMessagesPerConnection;
            pool.SetConnected(true);
            return true;
        }
        catch (SmtpConnectionException exception)
        {
            // A server that takes no more connections is no reason to give messages up, while there are some.
            if (pool.HasConnection)
            {
                while (_again.TryDequeue(out PendingMessage? again)) pool.Return(again, exception);
                return false;
            }
            if (TryTakeMessage(out PendingMessage? message)) message.Fail(exception, null, isCertain: true);
            return pool.Queue.TryPeek(out _) || _again.Count > 0 ? await ConnectAsync() : false;
        }
    }

    private async ValueTask SendAsync(SmtpConnection connection)
    {
        TransferPipeline pipeline = new(connection.Wire, this);
        try
        {
            await pipeline.RunAsync(CancellationToken.None);
            if (_current is { HasMore: true } rest) TakeAgain(rest);
        }
        catch (SmtpConnectionException exception)
        {
            foreach (MessageTransfer transfer in pipeline.Unfinished) GiveUp(transfer, exception, isCertain: !pipeline.IsUncertain(transfer));
        }
        _current = null;
    }

    private void GiveUp(MessageTransfer transfer, SmtpConnectionException exception, bool isCertain)
    {
        PendingMessage message = (PendingMessage)transfer.Owner!;
        if (isCertain && message.MayReturn(transfer, pool.Options.MaxAttempts)) Return(message, transfer);
        else message.Fail(exception, transfer, isCertain);
    }

    private void Return(PendingMessage message, MessageTransfer transfer)
    {
        message.Return(transfer);
        TakeAgain(message);
    }

    private void TakeAgain(PendingMessage message)
    {
        if (!_again.Contains(message)) _again.Enqueue(message);
    }

    private void FailAll(SmtpConnectionException exception, bool isCertain)
    {
        if (_current is { } current) current.Fail(exception, null, isCertain);
        while (_again.TryDequeue(out PendingMessage? message)) message.Fail(exception, null, isCertain);
        _connection?.Wire.Close();
        _current = null;
    }

    private async ValueTask DropAsync()
    {
        if (_connection is not { } connection) return;
        _connection = null;
        pool.SetConnected(false);
        await connection.DisposeAsync();
    }
}
