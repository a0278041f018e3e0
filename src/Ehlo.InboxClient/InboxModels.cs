using System;
using System.Collections.Generic;

namespace Ehlo.InboxClient;

/// <summary>A message as a list has it.</summary>
public record InboxMessage
{
    /// <summary>Opaque; in the order of arrival when compared ordinally.</summary>
    public required string Id { get; init; }

    /// <summary>When the server accepted it, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Octets of its content.</summary>
    public required long Size { get; init; }

    /// <summary>The decoded Subject field; empty where there is none.</summary>
    public required string Subject { get; init; }

    /// <summary>With what envelope it came.</summary>
    public required InboxEnvelope Envelope { get; init; }

    /// <summary>What the client called itself.</summary>
    public required InboxHello Hello { get; init; }

    /// <summary>The connection's TLS; null where it came in clear.</summary>
    public InboxTls? Tls { get; init; }

    /// <summary>The name of the login, or null.</summary>
    public string? Identity { get; init; }

    /// <summary>The same for all messages that came over one connection.</summary>
    public string Connection { get; init; } = "";

    /// <summary>The mailbox that it is in.</summary>
    public string Mailbox { get; init; } = "";

    /// <summary>Whether somebody has marked it as read.</summary>
    public bool IsRead { get; init; }

    /// <summary>Its tags, by name.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What client and server said; empty in a list.</summary>
    public IReadOnlyList<InboxDialogueLine> Dialogue { get; init; } = [];
}

/// <summary>An envelope.</summary>
/// <param name="From">The reverse-path without brackets; empty for the null one.</param>
/// <param name="To">The recipients in the order of their RCPT commands.</param>
/// <param name="MailParameters">Parameters of MAIL: keyword in upper case to decoded value, or null where it had none.</param>
/// <param name="RcptParameters">The same for each of <paramref name="To"/>.</param>
public sealed record InboxEnvelope(
    string From,
    IReadOnlyList<string> To,
    IReadOnlyDictionary<string, string?> MailParameters,
    IReadOnlyList<IReadOnlyDictionary<string, string?>> RcptParameters);

/// <summary>A greeting of a client.</summary>
/// <param name="Verb">EHLO, HELO or LHLO; HTTP for a message of the API.</param>
/// <param name="Name">What it called itself.</param>
public sealed record InboxHello(string Verb, string Name);

/// <summary>What is known of a connection's TLS.</summary>
/// <param name="Protocol">As "TLS 1.3".</param>
/// <param name="Cipher">The cipher suite.</param>
/// <param name="ServerName">The name that the client asked for, or null.</param>
/// <param name="ClientCertificate">The subject of the client's certificate, or null.</param>
public sealed record InboxTls(string Protocol, string Cipher, string? ServerName, string? ClientCertificate);

/// <summary>A line of the dialogue.</summary>
/// <param name="At">When it was said.</param>
/// <param name="From">"client" or "server".</param>
/// <param name="Line">Without its line end, with secrets masked.</param>
public sealed record InboxDialogueLine(DateTimeOffset At, string From, string Line);

/// <summary>A page of a list.</summary>
/// <param name="Messages">Newest first.</param>
/// <param name="Next">What to give as <see cref="InboxListQuery.After"/> for the next page; null at the end.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Unread">How many of them are unread.</param>
public sealed record InboxPage(IReadOnlyList<InboxMessage> Messages, string? Next, long Total, long Unread);

/// <summary>What is listed.</summary>
public sealed record InboxListQuery
{
    /// <summary>Only this mailbox; null for all.</summary>
    public string? Mailbox { get; init; }

    /// <summary>Only what a search finds, as in the console: words and operators such as <c>from:ann -is:read</c>; null for all.</summary>
    public string? Search { get; init; }

    /// <summary>How many at most, from 1 to 500.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>The <see cref="InboxPage.Next"/> of the page before; null for the first.</summary>
    public string? After { get; init; }
}

/// <summary>What is waited for: parts, compared without case; all that are given must match.</summary>
public sealed record InboxWait
{
    /// <summary>Part of a recipient; null for any.</summary>
    public string? To { get; init; }

    /// <summary>Part of the reverse-path; null for any.</summary>
    public string? From { get; init; }

    /// <summary>Part of the decoded subject; null for any.</summary>
    public string? Subject { get; init; }

    /// <summary>Only in this mailbox; null for all.</summary>
    public string? Mailbox { get; init; }

    /// <summary>How long at most, up to five minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>A message to be made and put into the inbox.</summary>
public sealed record InboxOutgoing
{
    /// <summary>"ann@example.org" or "Ann &lt;ann@example.org&gt;": the From field and the reverse-path.</summary>
    public required string From { get; init; }

    /// <summary>Recipients, as <see cref="From"/>.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Recipients, as <see cref="From"/>.</summary>
    public IReadOnlyList<string> Cc { get; init; } = [];

    /// <summary>Recipients of the envelope only.</summary>
    public IReadOnlyList<string> Bcc { get; init; } = [];

    /// <summary>The subject, one line.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The body as text, or null.</summary>
    public string? Text { get; init; }

    /// <summary>The body as HTML, or null.</summary>
    public string? Html { get; init; }

    /// <summary>At most 100.</summary>
    public IReadOnlyList<InboxAttachment> Attachments { get; init; } = [];

    /// <summary>Tags that it gets in the inbox.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Further fields of the header, or others in the place of the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>An attachment of a message to be made.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Content">What it holds.</param>
/// <param name="Type">As image/png; null for what the name tells.</param>
/// <param name="ContentId">By which the HTML names it; null for one that stands by itself.</param>
public sealed record InboxAttachment(string Name, byte[] Content, string? Type = null, string? ContentId = null);

/// <summary>What a recipient of a released message was answered.</summary>
/// <param name="Address">The recipient.</param>
/// <param name="Accepted">Whether the server took the message for it.</param>
/// <param name="Reply">What the server said, as in "250 2.1.5 OK".</param>
/// <param name="Step">What the reply answers: Mail, Rcpt, Data or Content; None where nobody was asked.</param>
public sealed record InboxReleaseResult(string Address, bool Accepted, string Reply, string Step);

/// <summary>A failure by rule, as the configuration of the server has it. What is null is left out.</summary>
public sealed record InboxFault
{
    /// <summary>Connect, Hello, StartTls, Auth, Mail, Rcpt, Data or Message.</summary>
    public required string At { get; init; }

    /// <summary>Only for a client of this name; * is any run of characters.</summary>
    public string? Hello { get; init; }

    /// <summary>The login, the reverse-path or a recipient, by the step; with * and ?.</summary>
    public string? Address { get; init; }

    /// <summary>What is answered, as in "452 4.2.2 Mailbox full".</summary>
    public string? Reply { get; init; }

    /// <summary>The wait before, as hours:minutes:seconds.</summary>
    public string? Delay { get; init; }

    /// <summary>At Message: octets of content that are read in a second.</summary>
    public int? Throttle { get; init; }

    /// <summary>Whether the connection is dropped without a reply.</summary>
    public bool? Disconnect { get; init; }

    /// <summary>At Message, with <see cref="Disconnect"/>: octets of content that are read before.</summary>
    public long? AfterOctets { get; init; }

    /// <summary>At StartTls: whether the handshake fails.</summary>
    public bool? FailTls { get; init; }

    /// <summary>At Message: whether the message is kept all the same.</summary>
    public bool? Keep { get; init; }

    /// <summary>How often at most; null for every time.</summary>
    public int? Times { get; init; }

    /// <summary>Above 0, up to 1; null for always.</summary>
    public double? Probability { get; init; }

    /// <summary>With <see cref="Probability"/>: the same seed gives the same choices.</summary>
    public int? Seed { get; init; }
}

/// <summary>What happened to the inbox.</summary>
public enum InboxEventKind
{
    /// <summary>A message came.</summary>
    Added,

    /// <summary>Messages were marked as read or unread, or tagged.</summary>
    Changed,

    /// <summary>Messages are gone.</summary>
    Deleted,

    /// <summary>Something was missed, so what is known may be out of date in any way.</summary>
    ReadAnew,
}

/// <summary>Something that happened to the inbox.</summary>
/// <param name="Kind">What.</param>
public sealed record InboxEvent(InboxEventKind Kind)
{
    /// <summary>Of <see cref="InboxEventKind.Added"/> only.</summary>
    public InboxMessage? Message { get; init; }

    /// <summary>The messages that were changed or deleted.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Whether every message was deleted.</summary>
    public bool IsAll { get; init; }
}
