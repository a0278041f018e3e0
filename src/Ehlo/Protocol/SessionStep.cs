namespace Ehlo.Protocol;

/// <summary>What a session wants of its driver.</summary>
internal enum SessionStep : byte
{
    /// <summary>Nothing more can be done with the input there is: write the output, then read.</summary>
    NeedInput,

    /// <summary>A line was answered by the session's own rules: call again, after writing the output if much has gathered.</summary>
    Answered,

    /// <summary>
    /// The session class decides: see <see cref="ServerSession.Pending"/>, then
    /// <see cref="ServerSession.Answer(Reply, System.Buffers.IBufferWriter{byte})"/>.
    /// </summary>
    Decide,

    /// <summary>The session class answers <see cref="ServerSession.PendingAuthentication"/>.</summary>
    Authenticate,

    /// <summary>What follows is content: see <see cref="ServerSession.ReadContent"/>.</summary>
    Content,

    /// <summary>A transaction ends: see <see cref="ServerSession.Cause"/>, then <see cref="ServerSession.CompleteReset"/>.</summary>
    Reset,

    /// <summary>Write the output, shake hands, then <see cref="ServerSession.CompleteStartTls"/>.</summary>
    StartTls,

    /// <summary>
    /// The peer speaks for another client, <see cref="ServerSession.Client"/>: the session class's object is to be replaced; then call
    /// again, for the greeting.
    /// </summary>
    NewClient,

    /// <summary>Write the output and close.</summary>
    Closed,
}
