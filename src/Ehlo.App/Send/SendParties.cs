using System.Collections.Generic;
using System.Linq;

namespace Ehlo.App.Send;

/// <summary>Who is in the header and in the envelope.</summary>
internal sealed record SendParties
{
    public required ReversePath ReversePath { get; init; }

    /// <summary>Whom the header says it is from.</summary>
    public required SendAddress From { get; init; }

    public required IReadOnlyList<SendAddress> To { get; init; }

    public required IReadOnlyList<SendAddress> Cc { get; init; }

    /// <summary>In the envelope only.</summary>
    public required IReadOnlyList<SendAddress> Bcc { get; init; }

    public IEnumerable<ForwardPath> Recipients => To.Concat(Cc).Concat(Bcc).Select(address => address.Path);

    /// <summary>Whether one of the header's addresses can be written with UTF-8 only.</summary>
    public bool RequiresSmtpUtf8 => To.Concat(Cc).Append(From).Any(address => address.Path.RequiresSmtpUtf8);
}
