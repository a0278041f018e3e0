using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ehlo.App.Send;
using MimeKit;

namespace Ehlo.App.Sendmail;

/// <summary>
/// What a program wrote to sendmail: lines that end as they like, a header that may lack fields, and perhaps recipients in it. The body, and
/// the fields that stay, keep their octets.
/// </summary>
internal sealed class SendmailMessage
{
    private static readonly string[] RecipientFields = ["To", "Cc", "Bcc"];

    private readonly List<HeaderLines> _fields;
    private readonly byte[] _body;

    private SendmailMessage(List<HeaderLines> fields, byte[] body) => (_fields, _body) = (fields, body);

    /// <summary>Whether its header has the field.</summary>
    public bool Has(string name) => _fields.Any(field => field.Is(name));

    /// <summary>Reads it.</summary>
    /// <param name="input">Lines that end with LF or CRLF.</param>
    /// <param name="keepsDots">Whether a line with one dot is text; otherwise it is the end.</param>
    public static SendmailMessage Read(ReadOnlySpan<byte> input, bool keepsDots)
    {
        ReadOnlySpan<byte> rest = keepsDots ? input : UpToDot(input);
        List<HeaderLines> fields = [];
        bool isFirst = true;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> line = Line(rest, out int length);
            // Mailboxes of Unix begin each message so; it is no field.
            bool isMailboxLine = isFirst && (line.StartsWith("From "u8) || line.StartsWith(">From "u8));
            isFirst = false;
            if (line.IsEmpty)
            {
                rest = rest[length..];
                break;
            }
            if (!isMailboxLine)
            {
                if (line[0] is (byte)' ' or (byte)'\t' && fields.Count > 0) fields[^1].Lines.Add(line.ToArray());
                else if (NameLength(line) > 0) fields.Add(new(Encoding.UTF8.GetString(line[..NameLength(line)]), line.ToArray()));
                else break; // The body begins without an empty line before it.
            }
            rest = rest[length..];
        }
        return new(fields, rest.ToArray());
    }

    /// <summary>
    /// The addresses of To, Cc and Bcc; where the message is sent on by somebody, of the Resent- fields instead (RFC 5322 section 3.6.6).
    /// </summary>
    /// <param name="problems">Gets the fields that cannot be read: whoever stands in one would be left out without a word.</param>
    public IEnumerable<string> Recipients(List<string> problems)
    {
        string prefix = IsResent ? "Resent-" : "";
        foreach (HeaderLines field in _fields.Where(field => RecipientFields.Any(name => field.Is(prefix + name))))
        {
            string value = field.Value.Trim();
            if (value.Length == 0) continue;
            if (!InternetAddressList.TryParse(value, out InternetAddressList? list))
            {
                problems.Add($"the addresses of {field.Name} cannot be read: {ShownText.Of(value)}");
                continue;
            }
            foreach (MailboxAddress mailbox in list.Mailboxes) yield return mailbox.Address;
        }
    }

    /// <summary>Takes fields out.</summary>
    public void Remove(string name) => _fields.RemoveAll(field => field.Is(name));

    /// <summary>Adds a field before the others.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value, in ASCII.</param>
    public void Add(string name, string value) => _fields.Insert(0, new(name, Encoding.UTF8.GetBytes($"{name}: {value}")));

    public byte[] ToArray()
    {
        using MemoryStream octets = new();
        foreach (byte[] line in _fields.SelectMany(field => field.Lines))
        {
            octets.Write(line);
            octets.Write("\r\n"u8);
        }
        octets.Write("\r\n"u8);
        octets.Write(_body);
        return octets.ToArray();
    }

    private bool IsResent => RecipientFields.Any(name => Has($"Resent-{name}"));

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> input, out int length)
    {
        int end = input.IndexOf((byte)'\n');
        length = end < 0 ? input.Length : end + 1;
        ReadOnlySpan<byte> line = end < 0 ? input : input[..end];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private static ReadOnlySpan<byte> UpToDot(ReadOnlySpan<byte> input)
    {
        for (int at = 0; at < input.Length;)
        {
            if (Line(input[at..], out int length).SequenceEqual("."u8)) return input[..at];
            at += length;
        }
        return input;
    }

    // field-name = 1*ftext     RFC 5322 section 3.6.8, with blanks before the colon as its obsolete form has them
    private static int NameLength(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon < 1) return 0;
        ReadOnlySpan<byte> name = line[..colon].TrimEnd(" \t"u8);
        return name.IsEmpty || name.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? 0 : name.Length;
    }

    private sealed class HeaderLines(string name, byte[] first)
    {
        public string Name => name;

        public List<byte[]> Lines { get; } = [first];

        /// <summary>What stands behind the colon, unfolded.</summary>
        public string Value
        {
            get
            {
                string text = string.Join(' ', Lines.Select(Encoding.UTF8.GetString));
                return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
            }
        }

        public bool Is(string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
    }
}
