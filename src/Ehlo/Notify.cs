using System;

namespace Ehlo;

/// <summary>When the sender wants a report about a recipient (RFC 3461 section 4.1). <see cref="Never"/> stands alone.</summary>
[Flags]
public enum Notify
{
    /// <summary>Never, not of a failure either.</summary>
    Never = 1,

    /// <summary>On delivery.</summary>
    Success = 2,

    /// <summary>On failure.</summary>
    Failure = 4,

    /// <summary>When delivery takes long.</summary>
    Delay = 8,
}
