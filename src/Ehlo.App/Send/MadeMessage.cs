using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ehlo.Client;
using MimeKit;
using MimeKit.Utils;

namespace Ehlo.App.Send;

/// <summary>A message that the program makes.</summary>
internal sealed record MadeMessage
{
    private const string DefaultSubject = "Test message";

    public required SendParties Parties { get; init; }

    public required string? Subject { get; init; }

    public required string? Text { get; init; }

    public required string? Html { get; init; }

    public required IReadOnlyList<Attachment> Attachments { get; init; }

    /// <summary>Beside the usual ones, or in their place where the name is the same.</summary>
    public required IReadOnlyList<Field> Fields { get; init; }

    /// <summary>Whether its header is written in UTF-8 (RFC 6532) and not in encoded words.</summary>
    public required bool UsesUtf8 { get; init; }

    /// <summary>How many there will be; their subjects are numbered where it is more than one and the subject is not the user's.</summary>
    public required int Count { get; init; }

    public required DateTimeOffset Date { get; init; }

    public Numbered Render()
    {
        using MimeMessage message = new() { Date = Date };
        message.From.Add(Parties.From.ForHeader()!);
        message.To.AddRange(Parties.To.Select(address => address.ForHeader()).OfType<MailboxAddress>());
        message.Cc.AddRange(Parties.Cc.Select(address => address.ForHeader()).OfType<MailboxAddress>());
        message.Body = Body();
        HashSet<string> replaced = new(StringComparer.OrdinalIgnoreCase);
        foreach (Field field in Fields)
        {
            // The first of a name stands for the usual one; any more stand beside it.
            if (replaced.Add(field.Name)) message.Headers.RemoveAll(field.Name);
            message.Headers.Add(new Header(Encoding.UTF8, field.Name, field.Value));
        }
        // Seven bits arrive everywhere.
        message.Prepare(UsesUtf8 ? EncodingConstraint.EightBit : EncodingConstraint.SevenBit);
        FormatOptions format = FormatOptions.Default.Clone();
        (format.NewLineFormat, format.International, format.EnsureNewLine) = (NewLineFormat.Dos, UsesUtf8, true);
        // What differs from message to message is written before the rest, which they share.
        if (!replaced.Contains("Message-ID")) format.HiddenHeaders.Add(HeaderId.MessageId);
        if (!replaced.Contains("Subject")) format.HiddenHeaders.Add(HeaderId.Subject);
        using MemoryStream rest = new();
        message.WriteTo(format, rest);
        return new(this, replaced, format, rest.ToArray());
    }

    private MimeEntity Body()
    {
        // RFC 2045 section 6.8: text has its lines end with CRLF before it is encoded.
        BodyBuilder body = new() { TextBody = Text?.ReplaceLineEndings("\r\n"), HtmlBody = Html?.ReplaceLineEndings("\r\n") };
        foreach (Attachment attachment in Attachments)
        {
            AttachmentCollection place = attachment.ContentId is null ? body.Attachments : body.LinkedResources;
            MimeEntity part = attachment.Type is { } type
                ? place.Add(attachment.Name, attachment.Octets, type)
                : place.Add(attachment.Name, attachment.Octets);
            if (attachment.ContentId is { } id) part.ContentId = id;
        }
        return body.ToMessageBody();
    }

    /// <param name="Name">The name of its file.</param>
    /// <param name="Octets">What it holds.</param>
    /// <param name="Type">Null where the name tells it.</param>
    /// <param name="ContentId">By which the HTML names it; null for one that stands by itself.</param>
    internal sealed record Attachment(string Name, byte[] Octets, ContentType? Type = null, string? ContentId = null);

    internal sealed record Field(string Name, string Value);

    /// <summary>The message in as many copies as are wanted, each with an identity of its own.</summary>
    internal sealed class Numbered(MadeMessage message, HashSet<string> replaced, FormatOptions format, byte[] rest)
    {
        public Content Number(int number) => Content.From(Octets(number));

        public ReadOnlySequence<byte> Octets(int number)
        {
            HeaderList own = [];
            string subject = message.Subject ?? (message.Count > 1 ? $"{DefaultSubject} {number} of {message.Count}" : DefaultSubject);
            if (!replaced.Contains("Subject")) own.Add(new Header(Encoding.UTF8, HeaderId.Subject, subject));
            string domain = message.Parties.From.Path.Mailbox!.Domain?.ToString() ?? "localhost";
            if (!replaced.Contains("Message-ID")) own.Add(new Header("Message-ID", $"<{MimeUtils.GenerateMessageId(domain)}>"));
            using MemoryStream header = new();
            own.WriteTo(format, header);
            // A list of fields is written with the empty line that ends a header; this one goes on.
            return Joined(header.ToArray()[..^2], rest);
        }

        private static ReadOnlySequence<byte> Joined(byte[] first, byte[] second)
        {
            Segment start = new(first, 0);
            Segment end = new(second, first.Length);
            start.Link(end);
            return new(start, 0, end, second.Length);
        }

        private sealed class Segment : ReadOnlySequenceSegment<byte>
        {
            public Segment(byte[] octets, long index) => (Memory, RunningIndex) = (octets, index);

            public void Link(Segment next) => Next = next;
        }
    }
}
