using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Smtp;
using MimeKit;

namespace Ehlo.App.Posting;

/// <summary>
/// The content of a message that comes otherwise than by SMTP. A LF alone, as files of Unix have it, becomes CRLF; a CR alone is refused, as
/// SMTP refuses it.
/// </summary>
/// <param name="content">Where the octets go; disposed with this.</param>
/// <param name="maxOctets">The most that it may have, line ends mended.</param>
internal sealed class PostedContent(ContentWriter content, long maxOctets) : IDisposable
{
    // What is read of a stream at once.
    private const int BlockOctets = 65536;

    private readonly HeaderCollector _header = new();
    private bool _endsWithCr;
    private bool _endsWithLine;

    public ContentWriter Writer => content;

    /// <summary>Whether the header is longer than what is looked at.</summary>
    public bool IsHeaderCut => _header.IsCut;

    public string Subject() => _header.Subject();

    /// <summary>The decoded value of the first field of that name; null where there is none.</summary>
    public string? Find(string name) => _header.Find(name);

    /// <summary>The fields of the header; null where it cannot be read.</summary>
    public HeaderList? Fields() => _header.Fields();

    /// <exception cref="PostException">A CR stands alone, or there is too much of it.</exception>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty) return;
        if (_endsWithCr && octets[0] != '\n') throw LoneCr();
        int start = 0;
        for (int at = 0; at < octets.Length; at++)
        {
            int next = octets[at..].IndexOfAny((byte)'\r', (byte)'\n');
            if (next < 0) break;
            at += next;
            if (octets[at] == '\r')
            {
                if (at + 1 < octets.Length && octets[at + 1] != '\n') throw LoneCr();
            }
            else if (at > 0 ? octets[at - 1] != '\r' : !_endsWithCr)
            {
                Put(octets[start..at]);
                Put("\r\n"u8);
                start = at + 1;
            }
        }
        Put(octets[start..]);
        _endsWithCr = octets[^1] == '\r';
    }

    public void Append(in ReadOnlySequence<byte> octets)
    {
        foreach (ReadOnlyMemory<byte> part in octets) Append(part.Span);
    }

    public async Task AppendAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockOctets);
        try
        {
            for (int read; (read = await stream.ReadAsync(block, cancellationToken)) > 0;) Append(block.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>All of it is there. One that does not end with a line end gets one, as SMTP would give it.</summary>
    public void Complete()
    {
        if (_endsWithCr) throw LoneCr();
        if (content.Octets == 0) throw new PostException(PostFault.Malformed, "the message is empty");
        if (!_endsWithLine) Put("\r\n"u8);
    }

    public void Dispose()
    {
        _header.Dispose();
        content.Dispose();
    }

    private void Put(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty) return;
        if (content.Octets + octets.Length > maxOctets)
            throw new PostException(PostFault.TooLarge, $"the message is larger than {maxOctets} octets");
        _header.Add(octets);
        content.Append(octets);
        _endsWithLine = octets[^1] == '\n';
    }

    private static PostException LoneCr() => new(PostFault.Malformed, "the message has a CR alone, which SMTP does not carry");
}
