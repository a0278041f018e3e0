using System.Collections.Generic;

namespace Ehlo;

/// <summary>The parameters of a MAIL command: those of known extensions typed, and all as they came.</summary>
public sealed class MailParameters
{
    internal MailParameters(IReadOnlyList<EsmtpParameter> all) => All = all;

    /// <summary>MAIL without parameters.</summary>
    internal static MailParameters Empty { get; } = new([]);

    /// <summary>SIZE: the octets that the client declared, or null (RFC 1870 section 6).</summary>
    public long? Size { get; internal set; }

    /// <summary>BODY.</summary>
    public BodyType Body { get; internal set; }

    /// <summary>SMTPUTF8: envelope and header may hold UTF-8 (RFC 6531 section 3.4).</summary>
    public bool SmtpUtf8 { get; internal set; }

    /// <summary>AUTH: who first submitted the message, as decoded text; "" for <c>&lt;&gt;</c>, null where not given (RFC 4954 section 5).</summary>
    public string? Submitter { get; internal set; }

    /// <summary>Every parameter, in the order given.</summary>
    public IReadOnlyList<EsmtpParameter> All { get; }
}
