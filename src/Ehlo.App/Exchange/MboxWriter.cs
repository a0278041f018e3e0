using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Exchange;

/// <summary>Writes messages into an mbox file, in the form that <see cref="MboxReader"/> reads: lines end with LF there.</summary>
internal sealed class MboxWriter(Stream stream)
{
    // What is read of a content at once.
    private const int BlockOctets = 65536;

    // A line ">>>>…From " with more than that is taken for one without "From ", on both sides.
    private const int MaxQuotes = 1000;

    /// <param name="sender">The reverse-path; "" for the null one.</param>
    /// <param name="receivedAt">When the message came.</param>
    /// <param name="content">Its octets, with lines that end with CRLF.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteAsync(string sender, DateTimeOffset receivedAt, Stream content, CancellationToken cancellationToken)
    {
        // The date is that of asctime, in UTC. What has a blank or a control character would end the address.
        string name = sender.Length == 0 || sender.Any(c => char.IsControl(c) || c == ' ') ? "MAILER-DAEMON" : sender;
        string date = receivedAt.UtcDateTime.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture);
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"From {name} {date}\n"), cancellationToken);
        Lines lines = new();
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockOctets);
        try
        {
            for (int read; (read = await content.ReadAsync(block, cancellationToken)) > 0;)
            {
                await stream.WriteAsync(lines.Convert(block.AsSpan(0, read)), cancellationToken);
            }
            await stream.WriteAsync(lines.End(), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Turns content into lines of an mbox, however it is cut.</summary>
    private sealed class Lines
    {
        private static readonly byte[] From = "From "u8.ToArray();

        private readonly ArrayBufferWriter<byte> _output = new();
        private bool _hasCr;
        private bool _isEmpty = true;

        // The beginning of a line as long as it may be that of a quoted one: so many '>', then so many octets of "From ". -1 behind it.
        private int _matched;
        private int _quotes;

        public ReadOnlyMemory<byte> Convert(ReadOnlySpan<byte> octets)
        {
            _output.Clear();
            foreach (byte octet in octets)
            {
                if (_hasCr && octet != '\n') Put((byte)'\r');
                _hasCr = octet == '\r';
                if (!_hasCr) Put(octet);
            }
            return _output.WrittenMemory;
        }

        /// <summary>The rest, the end of the last line, and the empty line behind a message.</summary>
        public ReadOnlyMemory<byte> End()
        {
            _output.Clear();
            if (_hasCr) Put((byte)'\r');
            if (_matched > 0 || _quotes > 0 || _matched < 0 || _isEmpty) Put((byte)'\n');
            Write((byte)'\n');
            return _output.WrittenMemory;
        }

        private void Put(byte octet)
        {
            _isEmpty = false;
            if (_matched >= 0)
            {
                if (octet == '>' && _matched == 0 && _quotes < MaxQuotes)
                {
                    _quotes++;
                    return;
                }
                if (octet == From[_matched] && ++_matched < From.Length) return;
                bool isFrom = _matched == From.Length;
                Release(isFrom);
                if (isFrom) return;
            }
            Write(octet);
            if (octet == '\n') (_matched, _quotes) = (0, 0);
        }

        // What was held back of the line is written, with a '>' more before "From ".
        private void Release(bool isFrom)
        {
            for (int i = 0; i < _quotes + (isFrom ? 1 : 0); i++) Write((byte)'>');
            _output.Write(From.AsSpan(0, _matched));
            (_matched, _quotes) = (-1, 0);
        }

        private void Write(byte octet)
        {
            _output.GetSpan(1)[0] = octet;
            _output.Advance(1);
        }
    }
}
