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
    // A reply is told by the method's thread and taken by another: a reference is written whole, and what it leads to before it.
    private sealed record Told(Reply Reply);

    private readonly MailTransaction _transaction;
    private Told?[] _told = [];
    private Action? _onTold;
    private bool _isClosed;

    internal RecipientReplies(MailTransaction transaction) => _transaction = transaction;

    /// <summary>How many replies were taken to be sent, and cannot be taken back.</summary>
    internal int Sent { get; private set; }

    /// <summary>Whether a recipient was told 2yz.</summary>
    internal bool HasPositive
    {
        get
        {
            foreach (Told? told in _told)
            {
                if (told is { Reply.IsPositive: true }) return true;
            }
            return false;
        }
    }

    /// <summary>The method is called next; the action is called after each reply that it tells, on its thread.</summary>
    internal void Begin(Action onTold) => (_told, _onTold) = (new Told?[_transaction.Recipients.Count], onTold);

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
        int index = recipient.Index;
        if (index >= _transaction.Recipients.Count || _transaction.Recipients[index] != recipient)
            throw new ArgumentException($"{recipient} is not a recipient of this transaction.", nameof(recipient));
        if (_isClosed) throw new InvalidOperationException("OnMessageAsync has returned.");
        if (_told.Length == 0) _told = new Told?[_transaction.Recipients.Count];
        if (_told[index] is not null) throw new InvalidOperationException($"{recipient} was told before.");
        _told[index] = new(reply);
        _onTold?.Invoke();
    }

    /// <summary>The next reply to be sent, if it is known.</summary>
    internal bool TryTake(out Reply reply)
    {
        Told? told = Sent < _told.Length ? _told[Sent] : null;
        reply = told?.Reply ?? default;
        if (told is null) return false;
        Sent++;
        return true;
    }

    /// <summary>Takes all that were not sent: those that were told, and this one for the others. Nothing can be told any more.</summary>
    /// <param name="untold">The reply for those who were told none.</param>
    /// <param name="isAccepted">Whether any recipient, also of those who were sent theirs before, is answered 2yz.</param>
    internal Reply[] TakeRest(Reply untold, out bool isAccepted)
    {
        _isClosed = true;
        Reply[] rest = new Reply[_transaction.Recipients.Count - Sent];
        isAccepted = HasPositive;
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] = _told.Length > 0 && _told[Sent + i] is { } told ? told.Reply : untold;
            isAccepted |= rest[i].IsPositive;
        }
        return rest;
    }

    /// <summary>Takes one and the same reply for every recipient: the content is bad, or cannot be had. Nothing can be told any more.</summary>
    internal Reply[] TakeForAll(Reply reply)
    {
        _isClosed = true;
        Reply[] all = new Reply[_transaction.Recipients.Count];
        Array.Fill(all, reply);
        return all;
    }
}
