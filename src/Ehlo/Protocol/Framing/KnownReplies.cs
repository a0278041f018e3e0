using System;

namespace Ehlo.Protocol;

/// <summary>
/// The replies that a server says for each message again, known by their octets: what was read once is neither read nor held a second time.
/// </summary>
internal sealed class KnownReplies
{
    // Those to MAIL, RCPT, DATA, the content and RSET come with the first messages; others take the rest, such as those that name a message.
    private const int MaxReplies = 8;

    // Longer ones explain something, or name somebody.
    private const int MaxOctets = 64;

    private readonly (byte[] Line, Reply Reply)[] _replies = new (byte[], Reply)[MaxReplies];
    private int _count;

    public bool TryFind(ReadOnlySpan<byte> line, out Reply reply)
    {
        foreach ((byte[] known, Reply found) in _replies.AsSpan(0, _count))
        {
            if (!line.SequenceEqual(known)) continue;
            reply = found;
            return true;
        }
        reply = default;
        return false;
    }

    public void Add(ReadOnlySpan<byte> line, Reply reply)
    {
        // What else is said is said once for a connection.
        if (_count < MaxReplies && line.Length <= MaxOctets && reply.Code is (250 or 354)) _replies[_count++] = (line.ToArray(), reply);
    }
}
