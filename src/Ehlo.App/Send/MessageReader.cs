using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ehlo.App.Commands;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>Makes content of what was asked for.</summary>
internal sealed class MessageReader(ProgramContext context, List<string> problems)
{
    private const int FillColumns = 72;

    private readonly InputOctets _input = new(context, problems);

    /// <returns>What makes the content of each message, by its number from 1; null where there is a problem.</returns>
    public Func<int, Content>? Read(MessageRequest request, SendParties parties, bool usesSmtpUtf8, int count)
    {
        int before = problems.Count;
        Func<int, Content>? contents = request.Message is { } file ? Ready(file, request) : Made(request, parties, usesSmtpUtf8, count);
        return problems.Count > before ? null : contents;
    }

    private Func<int, Content>? Ready(string file, MessageRequest request)
    {
        if (request.IsMade)
        {
            problems.Add("--message is sent as it is: --subject, --text, --html, --body-file, --attach, --header and --size are for a message "
                + "that is made");
            return null;
        }
        if (_input.Read("--message", file) is not { } octets) return null;
        Content content = Content.From(octets);
        // A text file of Unix. One whose line ends are mixed is left as it is, and refused: mending it might be what is not wanted.
        if (octets.AsSpan().IndexOf((byte)'\r') < 0) content = content.Mended();
        return _ => content;
    }

    private Func<int, Content>? Made(MessageRequest request, SendParties parties, bool usesSmtpUtf8, int count)
    {
        if (request is { Text: not null, BodyFile: not null }) problems.Add("--text and --body-file are both the text");
        string? text = request.BodyFile is { } file
            ? _input.Read("--body-file", file) is { } octets ? Encoding.UTF8.GetString(octets) : null
            : request.Text;
        if (text is null && request.Html is null) text = "This is a test message, sent by ehlo send.\n";
        if (request.FillOctets is { } fill) text = Filled(text ?? "", fill);
        List<MadeMessage.Attachment> attachments = [];
        foreach (string path in request.Attachments)
        {
            if (_input.Read("--attach", path) is { } attached) attachments.Add(new(Path.GetFileName(path), attached));
        }
        List<MadeMessage.Field> fields = [.. request.Headers.Select(ReadField).OfType<MadeMessage.Field>()];
        if (problems.Count > 0) return null;
        MadeMessage message = new()
        {
            Parties = parties,
            Subject = request.Subject,
            Text = text,
            Html = request.Html,
            Attachments = attachments,
            Fields = fields,
            UsesUtf8 = usesSmtpUtf8 || parties.RequiresSmtpUtf8,
            Count = count,
            Date = context.Time.GetLocalNow(),
        };
        return message.Render().Number;
    }

    private static string Filled(string text, int octets)
    {
        StringBuilder filled = new(text);
        if (text.Length > 0 && !text.EndsWith('\n')) filled.Append('\n');
        // As it is sent, with CRLF.
        for (int length = Encoding.UTF8.GetByteCount(filled.ToString().ReplaceLineEndings("\r\n")); length < octets; length += FillColumns)
            filled.Append('x', Math.Max(1, Math.Min(FillColumns, octets - length) - 2)).Append('\n');
        return filled.ToString();
    }

    private MadeMessage.Field? ReadField(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = colon > 0 ? text[..colon].TrimEnd() : "";
        // field-name = 1*ftext     RFC 5322 section 3.6.8
        if (name.Length == 0 || name.AsSpan().ContainsAnyExceptInRange('!', '~') || text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            problems.Add($"--header {ShownText.Of(text)} is not 'Name: value'");
        else if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name.Equals("MIME-Version", StringComparison.OrdinalIgnoreCase))
            problems.Add($"--header {name} is made with the message; --message FILE sends one of your own");
        else return new(name, text[(colon + 1)..].Trim());
        return null;
    }
}
