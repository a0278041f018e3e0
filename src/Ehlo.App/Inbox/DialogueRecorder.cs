using System;
using System.Collections.Generic;
using System.Text;

namespace Ehlo.App.Inbox;

/// <summary>
/// Keeps what a message shows of its connection: the greeting, the hello in force, the TLS and AUTH exchanges, and its own transaction.
/// </summary>
/// <remarks>
/// <para>A turn is a client's line with the replies to it; a line after a 3yz reply goes on with its turn. Where a turn goes is known at
/// the latest when the next one begins:</para>
/// <code>
///   greeting, STARTTLS, AUTH   the lead, for all messages of the connection
///   hello, once accepted       the lead, in place of the hello before it (STARTTLS keeps the one in clear)
///   in a transaction           the transaction, until it ends
///   anything else              dropped
/// </code>
/// <para>Both parts are bounded, so 500 messages and endless commands on one connection hold no more than one message's 64 KiB.</para>
/// <para>One recorder serves one connection, from one caller at a time; the session, whose methods never overlap, is that caller.</para>
/// </remarks>
/// <param name="time">What the lines are stamped with.</param>
/// <param name="heard">Told each line as it is said, with whether the client said it, and its text as UTF-8; null where nobody listens.</param>
internal sealed class DialogueRecorder(TimeProvider time, Action<DateTimeOffset, bool, byte[]>? heard = null)
{
    /// <summary>Of one message's dialogue as JSON.</summary>
    public const int MaxOctets = 64 * 1024;

    private static ReadOnlySpan<byte> Masked => "***"u8;

    // The lead is a dozen lines in real life. Its greatest comes from failed logins, of which the oldest are left out.
    private const int LeadBudget = 12 * 1024;

    // An EHLO reply with every extension is 2 KiB as counted here. A turn holds more only in an AUTH exchange that goes on and on.
    private const int TurnHeadBudget = 4 * 1024;
    private const int TurnTailBudget = 2 * 1024;

    // What is left for the transaction, less the open turn and the two markers. A recipient takes 250 octets with its reply.
    private const int TransactionHeadBudget = 24 * 1024;
    private const int TransactionTailBudget = MaxOctets - LeadBudget - TurnHeadBudget - TurnTailBudget - TransactionHeadBudget - 1024;

    private readonly List<Turn> _lead = [];
    private readonly DialoguePart _transaction = new(TransactionHeadBudget, TransactionTailBudget);
    private Turn _turn = new(TurnKind.Greeting);
    private int _leftOutOfLead;
    private bool _isInTransaction;
    private bool _isContinued;
    private bool _mayBeSecret;

    private enum TurnKind : byte
    {
        Other,
        Greeting,
        Hello,
        Tls,
        Authentication,
        Transaction,
    }

    /// <summary>A command or a SASL response. Secrets are masked: all that comes after AUTH, whatever the session makes of it.</summary>
    public void Client(ReadOnlySpan<byte> line)
    {
        if (_isContinued)
        {
            _isContinued = false;
            bool isSecret = _turn.Kind == TurnKind.Authentication && !line.TrimEnd("\r\n"u8).SequenceEqual("*"u8);
            Add(isClient: true, isSecret ? Masked.ToArray() : DialogueText.ShowOctets(line));
            return;
        }
        Close();
        byte[] text = Classify(line, out TurnKind kind);
        _turn = new Turn(kind);
        Add(isClient: true, text);
    }

    public void Server(ReadOnlySpan<byte> line)
    {
        _isContinued = line.Length > 0 && line[0] == (byte)'3';
        Add(isClient: false, DialogueText.ShowOctets(line));
    }

    /// <summary>What happened beside the lines, such as a TLS handshake; shown in brackets, as the server's.</summary>
    public void Note(string text) => Add(isClient: false, DialogueText.ShowOctets(Encoding.UTF8.GetBytes($"[{text}]")));

    /// <summary>MAIL was accepted: the open turn and those after it belong to a transaction.</summary>
    public void BeginTransaction()
    {
        _transaction.Clear();
        _isInTransaction = true;
        _turn.Kind = TurnKind.Transaction;
    }

    /// <summary>The transaction ended, however it did; its lines are dropped.</summary>
    public void EndTransaction()
    {
        _transaction.Clear();
        _isInTransaction = false;
        if (_turn.Kind == TurnKind.Transaction)
        {
            _turn.Kind = TurnKind.Other;
        }
    }

    /// <summary>The hello in the open turn was accepted and replaces the one before.</summary>
    public void NewHello()
    {
        int afterTls = _lead.FindLastIndex(turn => turn.Kind == TurnKind.Tls) + 1;
        _lead.RemoveAll(turn => turn.Kind == TurnKind.Hello && _lead.IndexOf(turn) >= afterTls);
        _turn.Kind = TurnKind.Hello;
    }

    /// <summary>The dialogue up to now, for the message whose content just ended.</summary>
    public IReadOnlyList<DialogueLine> Snapshot()
    {
        RecordedLines lines = new();
        for (int i = 0; i < _lead.Count; i++)
        {
            _lead[i].Lines.CopyTo(lines);
            if (i == 0 && _leftOutOfLead > 0)
            {
                lines.Add(lines.LastAt, isClient: false, DialoguePart.Marker(_leftOutOfLead));
            }
        }
        _transaction.CopyTo(lines);
        if (_turn.Kind != TurnKind.Other)
        {
            _turn.Lines.CopyTo(lines);
        }
        return lines;
    }

    private void Add(bool isClient, byte[] text)
    {
        DateTimeOffset now = time.GetUtcNow();
        _turn.Lines.Add(now, isClient, text);
        heard?.Invoke(now, isClient, text);
    }

    private void Close()
    {
        switch (_turn.Kind)
        {
            case TurnKind.Other:
                break;
            case TurnKind.Transaction:
                _transaction.Add(_turn.Lines);
                break;
            default:
                _lead.Add(_turn);
                TrimLead();
                break;
        }
    }

    // The greeting stays, then the newest: they are what the message was received under.
    private void TrimLead()
    {
        int cost = 0;
        foreach (Turn turn in _lead)
        {
            cost += turn.Lines.Cost;
        }
        while (cost > LeadBudget && _lead.Count > 2)
        {
            int oldest = _lead.FindIndex(1, _lead.Count - 2, turn => turn.Kind == TurnKind.Authentication);
            oldest = oldest < 0 ? 1 : oldest;
            DialoguePart lines = _lead[oldest].Lines;
            cost -= lines.Cost;
            _leftOutOfLead += lines.Count + lines.LeftOut;
            _lead.RemoveAt(oldest);
        }
    }

    private byte[] Classify(ReadOnlySpan<byte> line, out TurnKind kind)
    {
        kind = _isInTransaction ? TurnKind.Transaction : TurnKind.Other;
        ReadOnlySpan<byte> trimmed = line.Trim(" \t\r\n"u8);
        int space = trimmed.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> verb = space < 0 ? trimmed : trimmed[..space];
        if (Ascii.EqualsIgnoreCase(verb, "AUTH"))
        {
            // A client that does not wait sends its responses after a refused AUTH too, where they read as commands.
            _mayBeSecret = true;
            kind = _isInTransaction ? kind : TurnKind.Authentication;
            return ShowAuth(trimmed, space);
        }
        if (IsCommand(verb))
        {
            _mayBeSecret = false;
            // Also in a transaction: it is accepted there, and ends it.
            kind = Ascii.EqualsIgnoreCase(verb, "STARTTLS") ? TurnKind.Tls : kind;
            return DialogueText.ShowOctets(line);
        }
        return _mayBeSecret ? Masked.ToArray() : DialogueText.ShowOctets(line);
    }

    // AUTH mechanism [initial-response]
    private static byte[] ShowAuth(ReadOnlySpan<byte> line, int space)
    {
        if (space < 0)
        {
            return DialogueText.ShowOctets(line);
        }
        ReadOnlySpan<byte> rest = line[space..].TrimStart(" \t"u8);
        int end = rest.IndexOfAny((byte)' ', (byte)'\t');
        return end < 0 ? DialogueText.ShowOctets(line) : [.. DialogueText.ShowOctets(line[..^(rest.Length - end)]), (byte)' ', .. Masked];
    }

    private static bool IsCommand(ReadOnlySpan<byte> verb)
    {
        foreach (string command in Commands)
        {
            if (Ascii.EqualsIgnoreCase(verb, command))
            {
                return true;
            }
        }
        return false;
    }

    private static readonly string[] Commands =
        ["MAIL", "RCPT", "DATA", "BDAT", "EHLO", "HELO", "LHLO", "RSET", "NOOP", "QUIT", "STARTTLS", "VRFY", "EXPN", "HELP", "XCLIENT"];

    private sealed class Turn(TurnKind kind)
    {
        public TurnKind Kind { get; set; } = kind;

        public DialoguePart Lines { get; } = new(TurnHeadBudget, TurnTailBudget);
    }
}
