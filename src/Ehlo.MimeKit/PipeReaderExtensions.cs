using System;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using MimeKit;

namespace Ehlo.MimeKit;

/// <summary>Reads content as a message.</summary>
public static class PipeReaderExtensions
{
    /// <summary>Reads content to its end, as a message, within the default limits.</summary>
    /// <inheritdoc cref="ReadMimeMessageAsync(PipeReader, MimeLimits, CancellationToken)"/>
    public static ValueTask<MimeMessage> ReadMimeMessageAsync(this PipeReader content, CancellationToken cancellationToken) =>
        content.ReadMimeMessageAsync(new MimeLimits(), cancellationToken);

    /// <summary>Reads content to its end, as a message.</summary>
    /// <remarks>
    /// The octets are kept in memory once, and the parts of the message read from there; what MimeKit builds beside them is bounded by the
    /// limits. They are looked through as they come, so a message over a limit is not kept to its end.
    /// </remarks>
    /// <param name="content">The content, as it is given to <c>OnMessageAsync</c>. The reader is not completed.</param>
    /// <param name="limits">How large it may be.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The message, which outlives the reader. It is not safe to use from several threads at once.</returns>
    /// <exception cref="UnreadableMessageException">It is no message, or over a limit; it says what to answer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not above zero.</exception>
    /// <exception cref="Server.ContentAbortedException">The content came to no good end.</exception>
    public static async ValueTask<MimeMessage> ReadMimeMessageAsync(
        this PipeReader content, MimeLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(limits);
        limits.Validate();
        ParserOptions options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = limits.MaxDepth;
        KeepingStream stream = new(content.AsStream(leaveOpen: true), limits.MaxOctets);
        try
        {
            await new MimeGauge(options, stream, limits).ReadMessageAsync(cancellationToken);
            // What stands behind the end, if the reader knows one.
            await stream.CopyToAsync(Stream.Null, cancellationToken);
            return MimeMessage.Load(options, stream.Kept, persistent: true, cancellationToken);
        }
        catch (FormatException exception) when (exception is not UnreadableMessageException)
        {
            // RFC 3463 section 3.7: X.6.0, other or undefined media error.
            throw new UnreadableMessageException(
                new(554, new(5, 6, 0), "The content is no message: it does not begin with header fields"), exception);
        }
    }
}
