using System;
using System.Globalization;

namespace Ehlo;

/// <summary>
/// A reply (RFC 5321 section 4.2): a code, an enhanced status code and a text. The code is the decision: 2yz accepts, 4yz refuses for
/// now, 5yz refuses for good.
/// </summary>
/// <remarks>
/// The text may have several lines, parted by LF or CRLF; each becomes a reply line. When it is written, a character that is not
/// printable ASCII becomes '?', and a line over 512 octets is broken (RFC 5321 section 4.5.3.1.5), so no text can forge a reply.
/// </remarks>
public readonly record struct Reply
{
    /// <summary>Makes a reply whose enhanced status code, where one belongs, is the general one for the command that it answers.</summary>
    /// <param name="code">200 to 599.</param>
    /// <param name="text">May be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code is outside its range.</exception>
    public Reply(int code, string text)
        : this(code, EnhancedStatusCode.None, text)
    {
    }

    /// <summary>Makes a reply.</summary>
    /// <param name="code">200 to 599.</param>
    /// <param name="status">Of the same class as the code, or <see cref="EnhancedStatusCode.None"/>.</param>
    /// <param name="text">May be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code is outside its range.</exception>
    /// <exception cref="ArgumentException">The classes differ.</exception>
    public Reply(int code, EnhancedStatusCode status, string text)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        ArgumentNullException.ThrowIfNull(text);
        if (status.Class != 0 && status.Class != code / 100)
            throw new ArgumentException($"The status code {status} is not of the class of {code}.", nameof(status));
        (Code, Status, Text) = (code, status, text);
    }

    /// <summary>200 to 599; 0 only in the default value, which is no reply.</summary>
    public int Code { get; }

    /// <summary>The enhanced status code, or none.</summary>
    public EnhancedStatusCode Status { get; }

    /// <summary>The text, which may be empty and may have several lines.</summary>
    public string Text { get => field ?? ""; }

    /// <summary>The meaning of the first digit.</summary>
    public ReplySeverity Severity => (ReplySeverity)(Code / 100);

    /// <summary>Whether the code is 2yz or 3yz.</summary>
    public bool IsPositive => Code is >= 200 and < 400;

    /// <summary>Whether the code is 4yz.</summary>
    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>Whether the code is 5yz.</summary>
    public bool IsPermanent => Code is >= 500 and < 600;

    /// <summary>250, with the status code that fits the command it answers.</summary>
    /// <param name="text">For a message often "OK queued as …".</param>
    public static Reply Ok(string text = "OK") => new(250, text);

    /// <summary>550 5.7.1: refused by policy, for good.</summary>
    /// <param name="text">Says what is refused, and why.</param>
    public static Reply Refuse(string text) => new(550, new EnhancedStatusCode(5, 7, 1), text);

    /// <summary>451 4.3.0: a fault on this side; the same may succeed later.</summary>
    /// <param name="text">Must not hold an inner error's text: a peer reads it.</param>
    public static Reply TryLater(string text) => new(451, new EnhancedStatusCode(4, 3, 0), text);

    /// <summary>The reply on one line, as <c>550 5.1.1 No such user</c>.</summary>
    public override string ToString() => Status.Class == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Code} {Text}")
        : string.Create(CultureInfo.InvariantCulture, $"{Code} {Status} {Text}");
}
