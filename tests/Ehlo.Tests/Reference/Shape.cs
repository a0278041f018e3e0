namespace Ehlo.Tests.Reference;

/// <summary>The twelve things a peer does in the exhaustive check, each with the answer of the user's class to it.</summary>
public enum Shape
{
    /// <summary>EHLO, on LMTP LHLO; the class accepts it.</summary>
    EhloAccepted,

    /// <summary>EHLO or LHLO with another name; the class answers 550.</summary>
    EhloRefused,

    /// <summary>EHLO or LHLO without an argument.</summary>
    EhloMalformed,

    /// <summary>HELO; the class, if asked, accepts it.</summary>
    Helo,

    /// <summary>MAIL; the class, if asked, accepts it.</summary>
    Mail,

    /// <summary>RCPT; the class, if asked, accepts it.</summary>
    RcptAccepted,

    /// <summary>RCPT; the class, if asked, answers 550.</summary>
    RcptRefused,

    /// <summary>DATA, and good content after a 354, which the class accepts; on LMTP for every other recipient.</summary>
    Data,

    /// <summary>BDAT, not LAST, and its chunk in one go.</summary>
    Bdat,

    /// <summary>BDAT LAST and its chunk in one go; the class, if it gets the content, answers 554 at its end.</summary>
    BdatLastRefused,

    /// <summary>RSET.</summary>
    Rset,

    /// <summary>AUTH PLAIN with an initial response; the class, if asked, accepts it.</summary>
    Auth,
}
