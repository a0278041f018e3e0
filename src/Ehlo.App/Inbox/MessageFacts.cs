using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Ehlo.App.Inbox;

/// <summary>
/// The columns of a row that are the message's own, from its time to its dialogue, as SQLite takes them: texts in UTF-8, all in one array.
/// Made with the caller, since the one writer has no time for it.
/// </summary>
internal sealed class MessageFacts
{
    private const int Texts = 14;
    private const int None = -1;

    private readonly long _receivedAt;
    private readonly int _session;
    private readonly byte[] _octets;
    private readonly Ends _ends;

    /// <param name="isDialogueApart">Whether the dialogue follows the content, so that the row has none.</param>
    public MessageFacts(StoredMessage message, bool isDialogueApart)
    {
        _receivedAt = message.ReceivedAt.UtcTicks;
        _session = message.Session;
        Builder row = new(JsonBuffer.Take());
        row.Add(message.Subject);
        row.Add(message.From);
        row.AddJson(message.To, InboxJson.Default.IReadOnlyListString);
        row.AddJson(message.MailParameters, InboxJson.Default.IReadOnlyDictionaryStringString);
        row.AddJson(message.RcptParameters, InboxJson.Default.IReadOnlyListIReadOnlyDictionaryStringString);
        row.Add(message.Hello.Verb);
        row.Add(message.Hello.Name);
        row.AddJson(message.Tls, InboxJson.Default.TlsFacts);
        row.Add(message.Identity);
        row.Add(message.Connection);
        row.Add(message.PeerAddress);
        row.Add(message.ServerName);
        row.Add(message.WithProtocol);
        row.Add(isDialogueApart ? null : message.Dialogue);
        (_octets, _ends) = row.End();
    }

    /// <summary>Gives them to a statement that has all columns of a row.</summary>
    /// <param name="first">The number of the column of the time.</param>
    /// <param name="answer">Further lines for the end of the dialogue, where it is in the row.</param>
    public void BindTo(PreparedStatement statement, int first, IReadOnlyList<DialogueLine> answer)
    {
        statement.Bind(first, _receivedAt);
        int column = first + 1;
        for (int text = 0; text < Texts - 1; text++, column++)
        {
            // The one number between the texts.
            if (column == first + MessageRow.SessionFact) statement.Bind(column++, _session);
            Bind(statement, column, text);
        }
        ReadOnlySpan<byte> dialogue = Text(Texts - 1);
        if (_ends[Texts - 1] == None || answer.Count == 0)
        {
            Bind(statement, column, Texts - 1);
        }
        else
        {
            dialogue = dialogue[..^1];
            statement.Bind(column, [.. dialogue, .. DialogueJson.Separator(dialogue.Length, answer), .. DialogueJson.End(answer)]);
        }
    }

    private void Bind(PreparedStatement statement, int column, int text)
    {
        if (_ends[text] == None)
        {
            statement.BindNull(column);
        }
        else
        {
            statement.Bind(column, Text(text));
        }
    }

    private ReadOnlySpan<byte> Text(int index)
    {
        int before = index - 1;
        while (before >= 0 && _ends[before] == None) before--;
        return _ends[index] == None ? [] : _octets.AsSpan((before < 0 ? 0 : _ends[before]).._ends[index]);
    }

    /// <summary>Where each text ends; <see cref="None"/> for one that is null.</summary>
    [InlineArray(Texts)]
    private struct Ends
    {
        private int _first;
    }

    private ref struct Builder(JsonBuffer buffer)
    {
        private Ends _ends;
        private int _count;

        public void Add(string? text)
        {
            if (text is not null) buffer.Add(text);
            Close(text is null);
        }

        public void AddJson<T>(T? value, JsonTypeInfo<T> type) where T : class
        {
            if (value is not null) buffer.AddJson(value, type);
            Close(value is null);
        }

        public void Add(IReadOnlyList<DialogueLine>? lines)
        {
            if (lines is not null) buffer.AddJson(lines);
            Close(lines is null);
        }

        public readonly (byte[] Octets, Ends Ends) End() => (buffer.Octets.ToArray(), _ends);

        private void Close(bool isNull) => _ends[_count++] = isNull ? None : buffer.Length;
    }
}
