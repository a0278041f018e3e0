using System;
using System.Buffers;
using System.Collections.Generic;

namespace Ehlo.App.Inbox;

/// <summary>Some messages in their order. Filled again and again, it holds no object for any of them.</summary>
/// <param name="maxMessages">How many it holds at most.</param>
internal sealed class MessagePlaces(int maxMessages)
{
    // Addresses and subjects of more than a thousand messages; of few that have many recipients.
    private const int MaxOctets = 256 * 1024;

    private readonly List<Row> _rows = [];
    private readonly ArrayBufferWriter<byte> _texts = new(4096);

    public int Count => _rows.Count;

    public bool IsFull => _rows.Count == maxMessages || _texts.WrittenCount >= MaxOctets;

    public MessagePlace this[int index]
    {
        get
        {
            Row row = _rows[index];
            ReadOnlySpan<byte> texts = _texts.WrittenSpan[row.Start..];
            return new MessagePlace(
                row.Id, texts[..row.SenderEnd], texts[row.SenderEnd..row.RecipientsEnd], texts[row.RecipientsEnd..row.SubjectEnd], row.Place);
        }
    }

    public void Clear()
    {
        _rows.Clear();
        _texts.ResetWrittenCount();
    }

    public void Add(in MessagePlace message)
    {
        int start = _texts.WrittenCount;
        _texts.Write(message.Sender);
        int sender = _texts.WrittenCount - start;
        _texts.Write(message.Recipients);
        int recipients = _texts.WrittenCount - start;
        _texts.Write(message.Subject);
        _rows.Add(new Row(message.Id, message.Place, start, sender, recipients, _texts.WrittenCount - start));
    }

    /// <summary>Where its texts start, and where each of them ends from there.</summary>
    private readonly record struct Row(long Id, ContentPlace Place, int Start, int SenderEnd, int RecipientsEnd, int SubjectEnd);
}
