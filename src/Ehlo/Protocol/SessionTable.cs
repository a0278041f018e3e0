using System;
using System.Collections.Generic;
using static Ehlo.Protocol.SessionEvent;
using static Ehlo.Protocol.SessionState;

namespace Ehlo.Protocol;

/// <summary>
/// The order of commands (RFC 5321 section 4.1.4): what may happen in which state, and the state that follows. What is not here is
/// answered 503. A refused command moves nothing and so is not here, but for a refused chunk, which ends its transaction. Any state
/// becomes Closed when the connection is lost or closed with 421. The drawing in docs/sessions.md is made from this table.
/// </summary>
internal static class SessionTable
{
    private const byte None = byte.MaxValue;

    /// <summary>Each row: a state, then its events with the states they lead to.</summary>
    public static IReadOnlyList<(SessionState From, (SessionEvent Event, SessionState To)[] Moves)> Rows { get; } =
    [
        (AwaitingGreeting, [(Welcomed, AwaitingHello), (TurnedAway, Refused)]),
        (Refused, [(Quit, Closed)]),
        (AwaitingHello, [(NewHello, Idle), (Rset, AwaitingHello), (Query, AwaitingHello), (XClient, AwaitingGreeting),
            (Quit, Closed)]),
        (Idle, [(Mail, MailAccepted), (Auth, Authenticating),
            (NewHello, Idle), (Rset, Idle), (Query, Idle), (StartTls, StartingTls),
            (XForward, Idle), (XClient, AwaitingGreeting), (Quit, Closed)]),
        (MailAccepted, [(Rcpt, RcptAccepted), (ChunkRefused, Idle),
            (NewHello, Idle), (Rset, Idle), (Query, MailAccepted), (StartTls, StartingTls), (Quit, Closed)]),
        (RcptAccepted, [(Rcpt, RcptAccepted), (Data, Content), (Bdat, Chunk), (ChunkRefused, Idle),
            (NewHello, Idle), (Rset, Idle), (Query, RcptAccepted), (StartTls, StartingTls), (Quit, Closed)]),
        (Content, [(EndOfData, Idle)]),
        (Chunk, [(EndOfChunk, BetweenChunks), (EndOfChunks, Idle)]),
        (BetweenChunks, [(Bdat, Chunk), (ChunkRefused, Idle),
            (NewHello, Idle), (Rset, Idle), (Query, BetweenChunks), (StartTls, StartingTls), (Quit, Closed)]),
        (Authenticating, [(EndOfAuth, Idle)]),
        (StartingTls, [(Handshake, AwaitingHello)]),
        (Closed, []),
    ];

    private static readonly byte[,] Next = Build();

    public static bool Allows(SessionState state, SessionEvent @event) => Next[(int)state, (int)@event] != None;

    /// <exception cref="InvalidOperationException">The event cannot happen there: a mistake of ours, never a peer's.</exception>
    public static SessionState After(SessionState state, SessionEvent @event) => Next[(int)state, (int)@event] is not None and var next
        ? (SessionState)next
        : throw new InvalidOperationException($"{@event} cannot happen in {state}.");

    private static byte[,] Build()
    {
        byte[,] next = new byte[(int)Closed + 1, (int)Quit + 1];
        for (int state = 0; state <= (int)Closed; state++)
        {
            for (int @event = 0; @event <= (int)Quit; @event++) next[state, @event] = None;
        }
        foreach ((SessionState from, (SessionEvent, SessionState)[] moves) in Rows)
        {
            foreach ((SessionEvent @event, SessionState to) in moves) next[(int)from, (int)@event] = (byte)to;
        }
        return next;
    }
}
