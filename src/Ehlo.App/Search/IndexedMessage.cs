using System;
using System.Buffers;
using System.Text;

namespace Ehlo.App.Search;

/// <summary>
/// What the index keeps of a message: the columns of its row in UTF-8, one behind the other. One object serves for all messages: of
/// strings each would take more than ten.
/// </summary>
internal sealed class IndexedMessage
{
    /// <summary>Subject, From, To, Cc, Bcc, Reply-To, Message-Id and the text; see <see cref="SearchFields"/> for what is in each.</summary>
    public const int Columns = 8;

    private readonly ArrayBufferWriter<byte> _octets = new(4096); // Header, recipients and text are limited, so less than 2 MB at most.
    private readonly int[] _ends = new int[Columns];
    private int _count;

    public long Id { get; private set; }

    /// <summary>How many it has.</summary>
    public int Attachments { get; private set; }

    /// <summary>Of all columns.</summary>
    public int Octets => _octets.WrittenCount;

    /// <summary>Forgets the message before.</summary>
    public void Begin(long id)
    {
        (Id, Attachments, _count) = (id, 0, 0);
        _octets.ResetWrittenCount();
    }

    public void Add(ReadOnlySpan<byte> text) => _octets.Write(text);

    public void Add(string text) => Encoding.UTF8.GetBytes(text, _octets);

    /// <summary>Room for text of at most so many octets, which <see cref="Advance"/> then adds.</summary>
    public Span<byte> Reserve(int octets) => _octets.GetSpan(octets);

    public void Advance(int octets) => _octets.Advance(octets);

    /// <summary>What was added since the last call is the next column.</summary>
    public void EndColumn() => _ends[_count++] = _octets.WrittenCount;

    /// <summary>The last column.</summary>
    public void End(string text, int attachments)
    {
        Add(text);
        Attachments = attachments;
        EndColumn();
    }

    /// <param name="column">From 0 on.</param>
    public ReadOnlySpan<byte> this[int column] => _octets.WrittenSpan[(column == 0 ? 0 : _ends[column - 1]).._ends[column]];
}
