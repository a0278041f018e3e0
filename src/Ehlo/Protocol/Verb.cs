namespace Ehlo.Protocol;

/// <summary>The verb of a command: its first word, read without regard to case (RFC 5321 section 2.4).</summary>
internal enum Verb : byte
{
    /// <summary>A word that is none of the others.</summary>
    Unknown,

    /// <summary>The hello of SMTP without extensions (RFC 5321 section 4.1.1.1).</summary>
    Helo,

    /// <summary>The hello of SMTP (RFC 5321 section 4.1.1.1).</summary>
    Ehlo,

    /// <summary>The hello of LMTP (RFC 2033 section 4.1).</summary>
    Lhlo,

    /// <summary>Begins a mail transaction (RFC 5321 section 4.1.1.2).</summary>
    Mail,

    /// <summary>Adds a recipient (RFC 5321 section 4.1.1.3).</summary>
    Rcpt,

    /// <summary>Begins the content (RFC 5321 section 4.1.1.4).</summary>
    Data,

    /// <summary>Carries a chunk of the content (RFC 3030 section 2).</summary>
    Bdat,

    /// <summary>Ends the mail transaction (RFC 5321 section 4.1.1.5).</summary>
    Rset,

    /// <summary>Does nothing (RFC 5321 section 4.1.1.9).</summary>
    Noop,

    /// <summary>Ends the session (RFC 5321 section 4.1.1.10).</summary>
    Quit,

    /// <summary>Asks whether a mailbox exists (RFC 5321 section 4.1.1.6).</summary>
    Vrfy,

    /// <summary>Asks for the members of a mailing list (RFC 5321 section 4.1.1.7).</summary>
    Expn,

    /// <summary>Asks for help (RFC 5321 section 4.1.1.8).</summary>
    Help,

    /// <summary>Begins TLS (RFC 3207 section 4).</summary>
    StartTls,

    /// <summary>Begins authentication (RFC 4954 section 4).</summary>
    Auth,

    /// <summary>One that an extension in force has added.</summary>
    Own,

    /// <summary>Says for whom a trusted peer speaks, from now on (Postfix).</summary>
    XClient,

    /// <summary>Says where the next message came from (Postfix).</summary>
    XForward,
}
