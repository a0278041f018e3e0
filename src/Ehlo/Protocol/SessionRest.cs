using Ehlo.Sasl;

namespace Ehlo.Protocol;

/// <summary>What a session keeps that most need no room for: of AUTH, TLS, XCLIENT, XFORWARD and of chunks that were refused.</summary>
internal sealed class SessionRest
{
    private ForwardedClients _forwarded;

    /// <summary>Of the connection, where it is another than its listener's.</summary>
    public SaslContext? SaslContext { get; set; }

    /// <summary>The AUTH command that is under way.</summary>
    public AuthenticationDialog? Dialog { get; set; }

    /// <inheritdoc cref="ServerSession.Outcome"/>
    public AuthenticationOutcome? Outcome { get; set; }

    /// <inheritdoc cref="ServerSession.Identity"/>
    public AuthenticatedIdentity? Identity { get; set; }

    /// <summary>The refused chunk whose octets are still to be dropped.</summary>
    public SkippedChunk? Skipped { get; set; }

    public ref ForwardedClients Forwarded => ref _forwarded;
}
