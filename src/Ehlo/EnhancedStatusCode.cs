using System;
using System.Globalization;
using System.Text;

namespace Ehlo;

/// <summary>
/// An enhanced mail system status code, <c>class.subject.detail</c> (RFC 3463 section 2). The default value is
/// <see cref="None"/>: no code at all, as in a greeting, a 3yz reply, or an answer to a hello (RFC 2034 section 4).
/// </summary>
public readonly record struct EnhancedStatusCode : IUtf8SpanFormattable
{
    private readonly ushort _subject;
    private readonly ushort _detail;

    /// <summary>Makes a code.</summary>
    /// <param name="class">2 (success), 4 (persistent transient failure) or 5 (permanent failure).</param>
    /// <param name="subject">0 to 999.</param>
    /// <param name="detail">0 to 999.</param>
    /// <exception cref="ArgumentOutOfRangeException">A part is outside its range.</exception>
    public EnhancedStatusCode(int @class, int subject, int detail)
    {
        if (@class is not (2 or 4 or 5)) throw new ArgumentOutOfRangeException(nameof(@class), @class, "The class is 2, 4 or 5.");
        ArgumentOutOfRangeException.ThrowIfNegative(subject);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(subject, 999);
        ArgumentOutOfRangeException.ThrowIfNegative(detail);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(detail, 999);
        (Class, _subject, _detail) = (@class, (ushort)subject, (ushort)detail);
    }

    /// <summary>No code.</summary>
    public static EnhancedStatusCode None => default;

    /// <summary>2, 4 or 5; 0 for <see cref="None"/>.</summary>
    public int Class { get; }

    /// <summary>0 to 999.</summary>
    public int Subject => _subject;

    /// <summary>0 to 999.</summary>
    public int Detail => _detail;

    /// <summary>The code as <c>5.1.1</c>; "" for <see cref="None"/>.</summary>
    public override string ToString() =>
        Class == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Class}.{_subject}.{_detail}");

    /// <inheritdoc/>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bytesWritten = 0;
        return Class == 0
            || System.Text.Unicode.Utf8.TryWrite(
                utf8Destination, CultureInfo.InvariantCulture, $"{Class}.{_subject}.{_detail}", out bytesWritten);
    }
}
