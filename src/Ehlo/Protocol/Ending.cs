using System;

namespace Ehlo.Protocol;

/// <summary>A transaction's end that the session class has still to be told of, and what follows then.</summary>
/// <param name="Cause">Why it ends.</param>
/// <param name="Event">What moves the session then; null where the connection is lost.</param>
/// <param name="Reply">The reply to what ended it.</param>
/// <param name="Hello">The new hello.</param>
/// <param name="Offer">What is in force with it.</param>
/// <param name="Replies">Written in place of the one: on LMTP a message has one for each recipient (RFC 2033 section 4.2).</param>
internal sealed record Ending(
    ResetCause Cause, SessionEvent? Event, Reply Reply, Hello? Hello = null, ExtensionSet? Offer = null, Reply[]? Replies = null)
{
    /// <summary>The end of the content. A fault of the content beats the reply, for each recipient.</summary>
    public static Ending OfContent(MailTransaction transaction, ContentFault fault, Reply reply, SessionEvent @event)
    {
        RecipientReplies? recipients = transaction.RecipientReplies;
        reply = fault switch
        {
            ContentFault.TooLarge => Protocol.Replies.TooLarge,
            ContentFault.Malformed => Protocol.Replies.ContentMalformed,
            _ => reply,
        };
        bool isAccepted = reply.IsPositive;
        Reply[]? replies = fault is ContentFault.None ? recipients?.TakeRest(reply, out isAccepted) : recipients?.TakeForAll(reply);
        return new(isAccepted ? ResetCause.Completed : ResetCause.Failed, @event, reply, Replies: replies);
    }

    /// <summary>A chunk that the session refuses, when its octets are dropped.</summary>
    public static Ending OfRefusedChunk(MailTransaction transaction, SkippedChunk chunk)
    {
        // RFC 2033 section 4.3: a last chunk has as many replies as recipients, also where it is refused; without a recipient there is one.
        RecipientReplies? recipients = chunk.IsLast && transaction.Recipients.Count > 0 ? transaction.RecipientReplies : null;
        return new(ResetCause.Failed, SessionEvent.ChunkRefused, chunk.Reply, Replies: recipients?.TakeForAll(chunk.Reply));
    }
}

/// <summary>A refused chunk, whose octets are dropped before its reply is written.</summary>
internal sealed class SkippedChunk(Reply reply, long octets, bool isLast)
{
    public Reply Reply => reply;

    public bool IsLast => isLast;

    /// <summary>Octets that are still to come.</summary>
    public long Left { get; private set; } = octets;

    /// <summary>Drops what there is of it. True when all is dropped.</summary>
    public bool Drop(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = (int)Math.Min(Left, input.Length);
        Left -= consumed;
        return Left == 0;
    }
}
