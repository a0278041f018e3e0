using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;

namespace Ehlo.Client;

/// <summary>
/// The content of a message: header, empty line and body, as lines that end with CRLF. Transparency and the end of data are the client's.
/// </summary>
/// <remarks>
/// A CR or LF that stands alone is never sent: the message is refused (554 5.6.0, nothing sent where the content is in memory), or mended by
/// <see cref="Mended"/>. Content that ends without CRLF gets one. The source is read while the message is sent, by one reader, and is not
/// to be changed meanwhile.
/// </remarks>
public abstract class Content
{
    // What is read of a source, and encoded, at once: a write of this size costs little for each octet.
    internal const int BlockOctets = 65536;

    private protected Content()
    {
    }

    /// <summary>Whether it can be read more than once, so that a message can be sent again after a connection has failed.</summary>
    public virtual bool IsRepeatable => false;

    /// <summary>The octets of the source where that is known, else null.</summary>
    public virtual long? Octets => null;

    internal bool Mends { get; private protected init; }

    /// <summary>Content in memory, which is not copied.</summary>
    public static implicit operator Content(ReadOnlyMemory<byte> octets) => new MemoryContent(new(octets));

    /// <summary>Content in memory, which is not copied.</summary>
    public static implicit operator Content(byte[] octets) => new MemoryContent(new(octets));

    /// <summary>Content in memory, which is not copied.</summary>
    public static Content From(ReadOnlyMemory<byte> octets) => new MemoryContent(new(octets));

    /// <summary>Content in memory, which is not copied.</summary>
    public static Content From(ReadOnlySequence<byte> octets) => new MemoryContent(octets);

    /// <summary>Text, as UTF-8; a line break of any kind in it becomes CRLF.</summary>
    public static Content FromText(string text) => new MemoryContent(new(System.Text.Encoding.UTF8.GetBytes(text))).Mended();

    /// <summary>Content from a stream's position to its end. The stream stays open. If it can seek the content can be sent again.</summary>
    public static Content From(Stream stream) => new StreamContent(stream);

    /// <summary>
    /// Content from a pipe. The reader is completed when the content was read to its end. Of a message that ends before, refused or failed, it
    /// stays the caller's to complete.
    /// </summary>
    public static Content From(PipeReader reader) => new PipeContent(reader);

    /// <summary>Content that a delegate writes, each time it is sent.</summary>
    /// <param name="write">Writes all of it to the stream, from one caller at a time; it need not flush.</param>
    public static Content From(Func<Stream, CancellationToken, ValueTask> write) => new WriterContent(write);

    /// <summary>The same content, in which a CR or LF that stands alone becomes CRLF when it is sent.</summary>
    public abstract Content Mended();

    /// <summary>What is known of it beforehand; of content in memory everything.</summary>
    /// <param name="body">What the envelope declares.</param>
    /// <param name="malformedAt">The place of a CR or LF that stands alone, or -1.</param>
    internal virtual ContentTraits Inspect(BodyType body, out long malformedAt)
    {
        malformedAt = -1;
        return new(
            Mends ? null : Octets,
            body is BodyType.Unspecified ? BodyType.EightBitMime : body,
            IsEightBitCertain: body is BodyType.EightBitMime,
            RequiresSmtpUtf8: false);
    }

    /// <summary>Pushes all of it, in pieces of 64 KiB or less.</summary>
    internal abstract ValueTask PushAsync(IContentSink sink, CancellationToken cancellationToken);
}
