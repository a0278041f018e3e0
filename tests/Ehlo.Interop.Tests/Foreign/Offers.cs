using System;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>What a foreign server can do, as it is configured here, beside taking mail.</summary>
[Flags]
public enum Offers
{
    None = 0,
    StartTls = 1,
    Auth = 2,
    SmtpUtf8 = 4,
    Dsn = 8,
    Pipelining = 16,
    Chunking = 32,

    /// <summary>It refuses a recipient whose local-part begins with "refused", and only those.</summary>
    Refusals = 64,
}
