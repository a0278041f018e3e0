namespace Ehlo.App.Send;

/// <summary>After what a session is ended, in the order of a session.</summary>
internal enum SendStage
{
    /// <summary>The server's greeting.</summary>
    Connect,

    /// <summary>The first hello.</summary>
    Hello,

    /// <summary>TLS and the hello under it.</summary>
    Tls,

    /// <summary>The login.</summary>
    Auth,

    /// <summary>MAIL.</summary>
    Mail,

    /// <summary>The last RCPT.</summary>
    Rcpt,

    /// <summary>The 354 to DATA; the connection is then cut, since QUIT would be content.</summary>
    Data,
}
