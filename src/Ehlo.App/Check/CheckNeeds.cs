using System;

namespace Ehlo.App.Check;

/// <summary>What a server must offer, or the user allow, before a check can say anything.</summary>
[Flags]
internal enum CheckNeeds
{
    None = 0,

    /// <summary>A mailbox that the user named for real deliveries.</summary>
    Deliver = 1 << 0,

    /// <summary>A name and its password.</summary>
    User = 1 << 1,

    /// <summary>Only SMTP has it, not LMTP.</summary>
    SmtpOnly = 1 << 2,
    LmtpOnly = 1 << 3,

    /// <summary>A session that is still in clear text.</summary>
    Clear = 1 << 4,
    StartTls = 1 << 5,
    Auth = 1 << 6,
    AuthPlain = 1 << 7,
    AuthLogin = 1 << 8,
    AuthCramMd5 = 1 << 9,
    AuthScram = 1 << 10,
    Chunking = 1 << 11,
    BinaryMime = 1 << 12,
    Pipelining = 1 << 13,
    Size = 1 << 14,

    /// <summary>SIZE with a limit.</summary>
    SizeLimit = 1 << 15,
    EightBitMime = 1 << 16,
    SmtpUtf8 = 1 << 17,
    Dsn = 1 << 18,
    EnhancedCodes = 1 << 19,
    RequireTls = 1 << 20,
    MtPriority = 1 << 21,
    FutureRelease = 1 << 22,
    DeliverBy = 1 << 23,
    Rrvs = 1 << 24,
    Limits = 1 << 25,
    NoSoliciting = 1 << 26,
}
