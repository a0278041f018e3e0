using System.Linq;

namespace Ehlo.Protocol;

/// <summary>What refuses a command before its argument is looked at.</summary>
internal static class CommandRules
{
    /// <summary>The reply that refuses the command, or null. In this order: no service, unknown, TLS, order, offer, identity.</summary>
    public static Reply? Refusal(Verb verb, ServerSession session, ServerSessionOptions options)
    {
        if (session.State is SessionState.Refused && verb is not Verb.Quit) return Replies.NoService;
        if (verb is Verb.Unknown) return Replies.NotRecognized;
        // RFC 2033 section 4.1: LHLO in place of HELO and EHLO, and each family's hello is unknown to the other.
        if (verb is Verb.Ehlo or Verb.Helo or Verb.Lhlo && !IsHello(verb, options.Protocol))
            return verb is Verb.Lhlo ? Replies.ThisIsSmtp : Replies.ThisIsLmtp;
        // To whom the commands are not offered, whatever comes with them.
        if (verb is Verb.XClient or Verb.XForward && !session.IsTrustedPeer) return Replies.NotTrusted;
        // RFC 3207 section 4: every command other than these.
        bool worksInClear = verb is Verb.Noop or Verb.Ehlo or Verb.Lhlo or Verb.StartTls or Verb.Quit;
        if (options.RequireTls && !session.IsSecure && !worksInClear) return Replies.TlsRequired;
        if (verb is Verb.Auth && session.Identity is not null) return Replies.AlreadyAuthenticated;
        if (!SessionTable.Allows(session.State, EventOf(verb))) return Replies.BadSequence;
        if (OfferedBy(verb) is { } keyword && !IsInForce(keyword, session, options))
        {
            // After HELO, and of STARTTLS under TLS, the command is known and out of order; else it is not offered.
            bool isKnown = session.Hello is { IsExtended: false } || (verb is Verb.StartTls && session.IsSecure);
            return isKnown ? Replies.BadSequence : Replies.NotImplemented;
        }
        // RFC 4954 section 6.
        bool needsIdentity = verb is Verb.Mail or Verb.Rcpt or Verb.Data or Verb.Bdat or Verb.Vrfy or Verb.Expn;
        return needsIdentity && options.RequireAuthentication && session.Identity is null ? Replies.AuthenticationRequired : null;
    }

    /// <summary>Whether it is a hello of the protocol.</summary>
    public static bool IsHello(Verb verb, MailProtocol protocol) =>
        protocol is MailProtocol.Lmtp ? verb is Verb.Lhlo : verb is Verb.Ehlo or Verb.Helo;

    // AUTH is known with a mechanism that only wants TLS, for its 538 to be given.
    private static bool IsInForce(string keyword, ServerSession session, ServerSessionOptions options) =>
        session.InForce.Contains(keyword)
        || (keyword == "AUTH" && session.Hello is { IsExtended: true } && options.Mechanisms.Any(session.Facts.IsAnswered));

    private static string? OfferedBy(Verb verb) => verb switch
    {
        Verb.Bdat => "CHUNKING",
        Verb.StartTls => "STARTTLS",
        Verb.Auth => "AUTH",
        _ => null,
    };

    private static SessionEvent EventOf(Verb verb) => verb switch
    {
        Verb.Helo or Verb.Ehlo or Verb.Lhlo => SessionEvent.NewHello,
        Verb.Mail => SessionEvent.Mail,
        Verb.Rcpt => SessionEvent.Rcpt,
        Verb.Data => SessionEvent.Data,
        Verb.Bdat => SessionEvent.Bdat,
        Verb.Rset => SessionEvent.Rset,
        Verb.Auth => SessionEvent.Auth,
        Verb.StartTls => SessionEvent.StartTls,
        Verb.XClient => SessionEvent.XClient,
        Verb.XForward => SessionEvent.XForward,
        Verb.Quit => SessionEvent.Quit,
        _ => SessionEvent.Query,
    };
}
