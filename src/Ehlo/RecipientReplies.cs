using System;

namespace Ehlo;

/// <summary>
/// The replies to a message, one for each accepted recipient in the order of RCPT, as LMTP has them (RFC 2033 section 4.2). The session
/// class tells them while its OnMessageAsync runs; what it returns counts for every recipient that was not told.
/// </summary>
/// <remarks>
/// A reply is sent as soon as the content has ended well, and it and all before it are known, even while the method still runs. Content
/// that turns out bad is refused for every recipient, whatever was told. May be used from any thread.
/// </remarks>
public sealed class RecipientReplies
{
    private readonly object _gate = new();
    private readonly MailTransaction _transaction;
    private Reply[] _replies = [];
    private bool _isClosed;

    internal RecipientReplies(MailTransaction transaction) => _transaction = transaction;

    /// <summary>How many replies were taken to be sent, and cannot be taken back.</summary>
    internal int Sent { get; private set; }

    /// <summary>Whether a recipient was told 2yz.</summary>
    internal bool HasPositive { get; private set; }

    /// <summary>Is called after each reply that is told; set before the method is called.</summary>
    internal Action? Told { get; set; }

    /// <summary>Tells the reply for a recipient. It stands, whatever the method returns or throws later.</summary>
    /// <param name="recipient">One of <see cref="MailTransaction.Recipients"/>: where a mailbox was given twice, each has its own.</param>
    /// <param name="reply">2yz takes responsibility for this recipient's copy (RFC 2033 section 4.2); 4yz and 5yz refuse it. Not 421,
    /// which is about the connection and can be returned.</param>
    /// <exception cref="ArgumentException">The recipient is not one of the transaction's, or the reply cannot answer.</exception>
    /// <exception cref="InvalidOperationException">The recipient was told before, or the method has returned.</exception>
    public void Set(Recipient recipient, Reply reply)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        if (reply.Code is 421 || reply.Severity is not
            (ReplySeverity.PositiveCompletion or ReplySeverity.TransientNegative or ReplySeverity.PermanentNegative))
            throw new ArgumentException($"{reply.Code} cannot answer for a recipient.", nameof(reply));
        lock (_gate)
        {
            int index = recipient.Index;
            if (index >= _transaction.Recipients.Count || _transaction.Recipients[index] != recipient)
                throw new ArgumentException($"{recipient} is not a recipient of this transaction.", nameof(recipient));
            if (_isClosed) throw new InvalidOperationException("OnMessageAsync has returned.");
            if (_replies.Length == 0) _replies = new Reply[_transaction.Recipients.Count];
            if (_replies[index].Code != 0) throw new InvalidOperationException($"{recipient} was told before.");
            _replies[index] = reply;
            HasPositive |= reply.IsPositive;
        }
        Told?.Invoke();
    }

    /// <summary>The next reply to be sent, if it is known.</summary>
    internal bool TryTake(out Reply reply)
    {
        lock (_gate)
        {
            reply = Sent < _replies.Length ? _replies[Sent] : default;
            if (reply.Code == 0) return false;
            Sent++;
            return true;
        }
    }

    /// <summary>Takes all that were not sent: those that were told, and this one for the others. Nothing can be told any more.</summary>
    internal Reply[] TakeRest(Reply untold)
    {
        lock (_gate)
        {
            _isClosed = true;
            Reply[] rest = new Reply[_transaction.Recipients.Count - Sent];
            for (int i = 0; i < rest.Length; i++)
            {
                Reply told = _replies.Length > 0 ? _replies[Sent + i] : default;
                rest[i] = told.Code == 0 ? untold : told;
                HasPositive |= rest[i].IsPositive;
            }
            return rest;
        }
    }

    /// <summary>Takes one and the same reply for every recipient: the content is bad, or cannot be had.</summary>
    internal Reply[] TakeForAll(Reply reply)
    {
        lock (_gate)
        {
            (_isClosed, HasPositive) = (true, false);
            Reply[] all = new Reply[_transaction.Recipients.Count];
            Array.Fill(all, reply);
            return all;
        }
    }
}
