using System;

namespace Ehlo.App.Check;

/// <summary>How strongly the standard asks for it.</summary>
internal enum CheckLevel : byte
{
    Must,
    Should,
}

/// <summary>What a server must offer, or the user allow, before a check can say anything.</summary>
[Flags]
internal enum CheckNeeds : ushort
{
    None = 0,

    /// <summary>A mailbox that the user named for real deliveries.</summary>
    Deliver = 1,
    StartTls = 2,
    Auth = 4,
    Chunking = 8,
    Pipelining = 16,
    Size = 32,
    EightBitMime = 64,
    SmtpUtf8 = 128,
    Dsn = 256,
    EnhancedCodes = 512,

    /// <summary>Only SMTP has it, not LMTP.</summary>
    SmtpOnly = 1024,
    LmtpOnly = 2048,

    /// <summary>A session that is still in clear text.</summary>
    Clear = 4096,
}

/// <summary>
/// One rule and the dialogue that shows whether a server keeps it. A step is written <c>what is sent =&gt; the codes allowed</c>; with
/// <c>-&gt;</c> instead it only prepares, and another answer leaves the check undecided. See <see cref="CheckStep"/>.
/// </summary>
/// <param name="Id">Stable: reports and scripts name it.</param>
/// <param name="Group">The first column of the list.</param>
/// <param name="Title">What a server that passes does.</param>
/// <param name="Rule">The citation.</param>
internal sealed record ConformanceCheck(
    string Id, string Group, string Title, string Rule, CheckLevel Level, CheckNeeds Needs, string[] Steps)
{
    /// <summary>The fault to look for in the replies of the steps; none where the codes decide.</summary>
    public ReplyFault Fault { get; init; }
}
