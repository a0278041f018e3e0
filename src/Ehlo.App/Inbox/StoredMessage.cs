using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace Ehlo.App.Inbox;

/// <summary>What the inbox keeps of a message beside its content.</summary>
internal sealed record StoredMessage
{
    /// <summary>Opaque, unique in the store, URL-safe, and in the order of arrival when compared ordinally. Set by the store.</summary>
    public string Id { get; init; } = "";

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Octets of the content. Set by the store.</summary>
    public long Size { get; init; }

    /// <summary>The name of the mailbox that it is in.</summary>
    public string Mailbox { get; init; } = MailboxName.Default;

    /// <summary>Whether somebody has marked it as read. Of the store; a new message is unread.</summary>
    public bool IsRead { get; init; }

    /// <summary>In the order of their names, once it is stored.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The decoded Subject field, "" where there is none.</summary>
    public required string Subject { get; init; }

    /// <summary>The reverse-path without brackets; "" for the null reverse-path.</summary>
    public required string From { get; init; }

    /// <summary>The forward-paths without brackets, in the order of their RCPT commands, duplicates kept.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>Upper-case keyword to decoded value, or null where the parameter had no value.</summary>
    public required IReadOnlyDictionary<string, string?> MailParameters { get; init; }

    /// <summary>One for each of <see cref="To"/>.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, string?>> RcptParameters { get; init; }

    public required HelloFacts Hello { get; init; }

    public TlsFacts? Tls { get; init; }

    /// <summary>The authenticated identity, or null.</summary>
    public string? Identity { get; init; }

    /// <summary>The id of the connection.</summary>
    public required string Connection { get; init; }

    /// <summary>1 for the first session object of the connection, 2 for the one after STARTTLS, and so on.</summary>
    public required int Session { get; init; }

    /// <summary>The peer's IP address as text, or "" for a Unix socket. For the Received field.</summary>
    public required string PeerAddress { get; init; }

    /// <summary>The name that this server gave in its greeting. For the Received field.</summary>
    public required string ServerName { get; init; }

    /// <summary>The protocol as the Received field names it (RFC 3848 section 2): SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA, UTF8SMTP…</summary>
    public required string WithProtocol { get; init; }

    /// <summary>Null in a list, which leaves it out.</summary>
    public IReadOnlyList<DialogueLine>? Dialogue { get; init; }

    /// <summary>
    /// Makes of the id the last lines of the dialogue: what is answered as soon as the message is safe. Only of a message to be added. They
    /// are written with it, since a second write for each message would cost as much as the first; so they are there, too, where the
    /// connection is lost just then and nobody hears the answer.
    /// </summary>
    public Func<string, IReadOnlyList<DialogueLine>>? Answer { get; init; }

    /// <summary>As the store has it.</summary>
    public StoredMessage Added(string id, long size, IReadOnlyList<string> tags, IReadOnlyList<DialogueLine> answer) => this with
    {
        Id = id,
        Size = size,
        Tags = tags,
        Dialogue = Dialogue is null ? null : new JoinedLines(Dialogue, answer),
        Answer = null,
    };
}

internal sealed record HelloFacts(string Verb, string Name);

internal sealed record TlsFacts(string Protocol, string Cipher, string? ServerName, string? ClientCertificate);

/// <summary>A line of the dialogue, without its CRLF and with secrets masked.</summary>
/// <param name="From">"client" or "server".</param>
internal sealed record DialogueLine(DateTimeOffset At, string From, string Line);

/// <summary>A dialogue and the answer at its end, as one list: nobody reads most of them.</summary>
file sealed class JoinedLines(IReadOnlyList<DialogueLine> lines, IReadOnlyList<DialogueLine> answer) : IReadOnlyList<DialogueLine>
{
    public int Count => lines.Count + answer.Count;

    public DialogueLine this[int index] => index < lines.Count ? lines[index] : answer[index - lines.Count];

    public IEnumerator<DialogueLine> GetEnumerator() => lines.Concat(answer).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
