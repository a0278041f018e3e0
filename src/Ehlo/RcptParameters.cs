using System.Collections.Generic;

namespace Ehlo;

/// <summary>The parameters of a RCPT command.</summary>
public sealed class RcptParameters
{
    internal RcptParameters(IReadOnlyList<EsmtpParameter> all) => All = all;

    /// <summary>RCPT without parameters.</summary>
    internal static RcptParameters Empty { get; } = new([]);

    /// <summary>Every parameter, in the order given.</summary>
    public IReadOnlyList<EsmtpParameter> All { get; }
}
