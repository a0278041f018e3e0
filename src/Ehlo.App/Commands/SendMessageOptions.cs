using System.CommandLine;
using Ehlo.App.Send;

namespace Ehlo.App.Commands;

/// <summary>The options that say what is sent, from whom and to whom.</summary>
internal sealed class SendMessageOptions
{
    // What a text of the size of the largest input may have.
    private const int MaxFillOctets = 256 << 20;

    private readonly Option<string?> _from = new("--from") { HelpName = "ADDRESS", Description = "From whom (this user); <> for nobody." };
    private readonly Option<string[]> _to = new("--to")
    {
        HelpName = "ADDRESS",
        Description = "For whom; may be repeated. Without it, on this machine: this user.",
    };

    private readonly Option<string[]> _cc = new("--cc") { HelpName = "ADDRESS", Description = "For whom as well." };
    private readonly Option<string[]> _bcc = new("--bcc") { HelpName = "ADDRESS", Description = "For whom, without the header showing it." };
    private readonly Option<string?> _subject = new("--subject") { HelpName = "TEXT", Description = "The subject." };
    private readonly Option<string?> _text = new("--text") { HelpName = "TEXT", Description = "The text." };
    private readonly Option<string?> _html = new("--html") { HelpName = "HTML", Description = "The text as HTML; with --text both." };
    private readonly Option<string?> _bodyFile = new("--body-file")
    {
        HelpName = "FILE",
        Description = "The text from a file, or - for standard input.",
    };

    private readonly Option<string[]> _attachments = new("--attach") { HelpName = "FILE", Description = "Attaches a file; may be repeated." };
    private readonly Option<string[]> _headers = new("--header")
    {
        HelpName = "FIELD",
        Description = "A header field 'Name: value', in the place of the usual one; may be repeated.",
    };

    private readonly Option<int?> _size = SendCommand.Number("--size", "OCTETS", 1, MaxFillOctets, "Fills the text up to so many octets.");
    private readonly Option<string?> _message = new("--message")
    {
        HelpName = "FILE",
        Description = "A whole message from a file, or - for standard input, sent as it is.",
    };

    private readonly Option<string?> _notify = new("--notify") { HelpName = "WHEN", Description = "DSN: never, or success,failure,delay." };
    private readonly Option<string?> _return = new("--ret") { HelpName = "WHAT", Description = "DSN: a report has full or hdrs of the message." };
    private readonly Option<string?> _envelopeId = new("--envid") { HelpName = "ID", Description = "DSN: what a report calls the message." };
    private readonly Option<bool> _smtpUtf8 = new("--smtputf8") { Description = "Writes the header in UTF-8, by SMTPUTF8." };
    private readonly Option<bool> _requireTls = new("--require-tls") { Description = "Asks for TLS on the whole way (REQUIRETLS)." };
    private readonly Option<string[]> _mailParameters = new("--mail-parameter")
    {
        HelpName = "KEY=VALUE",
        Description = "A parameter for MAIL, as it is.",
    };

    private readonly Option<string[]> _rcptParameters = new("--rcpt-parameter")
    {
        HelpName = "KEY=VALUE",
        Description = "A parameter for each RCPT.",
    };

    public void AddTo(Command command)
    {
        SendCommand.Among(_return, ["full", "hdrs"]);
        Option[] options =
        [
            _from, _to, _cc, _bcc, _subject, _text, _html, _bodyFile, _attachments, _headers, _size, _message, _notify, _return, _envelopeId,
            _smtpUtf8, _requireTls, _mailParameters, _rcptParameters,
        ];
        foreach (Option option in options) command.Add(option);
    }

    public EnvelopeRequest ReadEnvelope(ParseResult result) => new()
    {
        From = result.GetValue(_from),
        To = result.GetValue(_to) ?? [],
        Cc = result.GetValue(_cc) ?? [],
        Bcc = result.GetValue(_bcc) ?? [],
        Notify = result.GetValue(_notify),
        Return = result.GetValue(_return),
        EnvelopeId = result.GetValue(_envelopeId),
        UsesSmtpUtf8 = result.GetValue(_smtpUtf8),
        RequiresTls = result.GetValue(_requireTls),
        MailParameters = result.GetValue(_mailParameters) ?? [],
        RcptParameters = result.GetValue(_rcptParameters) ?? [],
    };

    public MessageRequest ReadMessage(ParseResult result) => new()
    {
        Message = result.GetValue(_message),
        Subject = result.GetValue(_subject),
        Text = result.GetValue(_text),
        Html = result.GetValue(_html),
        BodyFile = result.GetValue(_bodyFile),
        Attachments = result.GetValue(_attachments) ?? [],
        Headers = result.GetValue(_headers) ?? [],
        FillOctets = result.GetValue(_size),
    };
}
