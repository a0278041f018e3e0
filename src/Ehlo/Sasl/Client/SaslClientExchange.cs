using System;

namespace Ehlo.Sasl;

/// <summary>
/// One authentication exchange, from the client's side: challenges in, responses out. It does no I/O and never throws for what a server
/// sends. Not for several threads at once.
/// </summary>
/// <remarks>
/// SCRAM derives keys from the password in <see cref="Respond"/>: milliseconds as a rule, and up to a second or so where a server asks for as
/// many iterations as are allowed. That is no work for a thread that others wait for.
/// </remarks>
public abstract class SaslClientExchange
{
    /// <summary>
    /// Whether the client speaks first. Then the first call of <see cref="Respond"/> has an empty challenge, and its response goes with the
    /// AUTH command or, where it is too long for that, behind the server's empty challenge; the exchange is not asked again for it.
    /// </summary>
    public abstract bool HasInitialResponse { get; }

    /// <summary>The step after a challenge. Once it has failed, it fails again.</summary>
    /// <param name="challenge">Decoded from base64; empty for the initial response. Valid for the call only.</param>
    public abstract SaslClientStep Respond(ReadOnlySpan<byte> challenge);

    /// <summary>
    /// What the server has said, within the exchange, of why it refuses: OAUTHBEARER and XOAUTH2 have JSON there, which says more than the reply
    /// does. At most 200 characters, none of which is a control character; null where it has said nothing.
    /// </summary>
    public virtual string? ServerError => null;

    /// <summary>To be asked when the server has said that the client is authenticated (235).</summary>
    /// <returns>
    /// Null if the mechanism agrees; else why the success is not to be believed, as a sentence: then the connection is not to be used.
    /// </returns>
    public abstract string? Complete();
}
