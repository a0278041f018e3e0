using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MimeKit;

namespace Ehlo.MimeKit;

/// <summary>
/// Goes through a message and keeps nothing of it, to see that it is within the limits before objects are made for each of its fields and parts.
/// </summary>
internal sealed class MimeGauge(ParserOptions options, Stream stream, MimeLimits limits) : MimeReader(options, stream)
{
    private long _headerOctets;
    private int _parts;

    protected override Task OnHeaderReadAsync(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        // The name, the colon, and the value with its line ends.
        _headerOctets += header.Field.Length + 1 + header.RawValue.Length;
        return _headerOctets <= limits.MaxHeaderOctets
            ? Task.CompletedTask
            : throw TooMuch($"The header fields have more than {limits.MaxHeaderOctets} octets");
    }

    protected override Task OnMimePartBeginAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => CountPart();

    protected override Task OnMessagePartBeginAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => CountPart();

    protected override Task OnMultipartBeginAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => CountPart();

    private Task CountPart() =>
        ++_parts <= limits.MaxParts ? Task.CompletedTask : throw TooMuch($"The message has more than {limits.MaxParts} parts");

    // RFC 3463 section 3.7: X.6.0, other or undefined media error.
    private static UnreadableMessageException TooMuch(string text) => new(new(554, new(5, 6, 0), text));
}
