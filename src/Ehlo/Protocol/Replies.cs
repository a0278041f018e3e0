using System.Collections.Generic;

namespace Ehlo.Protocol;

/// <summary>The replies that the session gives by its own rules. No text holds anything that the peer sent but a keyword.</summary>
internal static class Replies
{
    public static readonly Reply Ok = New(250, 2, 0, 0, "OK");
    public static readonly Reply Bye = New(221, 2, 0, 0, "Bye");
    public static readonly Reply StartContent = new(354, "End with CRLF.CRLF");
    public static readonly Reply ReadyForTls = New(220, 2, 0, 0, "Ready to start TLS");
    public static readonly Reply Authenticated = New(235, 2, 7, 0, "Authentication succeeded");

    // Syntax: 500 for a line, 501 for its arguments, 502 for a command known but not offered (RFC 5321 section 4.2.4).
    public static readonly Reply NotRecognized = New(500, 5, 5, 1, "Command not recognized");
    public static readonly Reply LineTooLong = New(500, 5, 5, 2, "Line too long");
    public static readonly Reply BareCrOrLf = New(500, 5, 5, 2, "Lines end with CRLF: this one has a CR or LF alone and was dropped");
    public static readonly Reply ThisIsSmtp = New(500, 5, 5, 1, "This is SMTP: say EHLO");
    public static readonly Reply ThisIsLmtp = New(500, 5, 5, 1, "This is LMTP: say LHLO");
    public static readonly Reply NotImplemented = New(502, 5, 5, 1, "Command not implemented");
    public static readonly Reply NoArgumentAllowed = New(501, 5, 5, 4, "Command takes no argument");
    public static readonly Reply ArgumentRequired = New(501, 5, 5, 4, "Command needs an argument");
    public static readonly Reply HelloMalformed = new(501, "Name must be one word of at most 255 printable ASCII characters");
    public static readonly Reply ReversePathMalformed = New(501, 5, 1, 7, "Syntax: MAIL FROM:<reverse-path> [parameters]");
    public static readonly Reply ForwardPathMalformed = New(501, 5, 1, 3, "Syntax: RCPT TO:<forward-path> [parameters]");
    public static readonly Reply ParametersMalformed = New(501, 5, 5, 4, "Parameters malformed");
    public static readonly Reply AttributesMalformed = New(501, 5, 5, 4, "Attributes unknown, repeated or malformed");
    public static readonly Reply NeedsSmtpUtf8 = New(553, 5, 6, 7, "Address is not ASCII: MAIL needs the parameter SMTPUTF8");
    public static readonly Reply ChunkMalformed = New(501, 5, 5, 4, "Syntax: BDAT size [LAST]");

    // The octets behind such a command cannot be told from commands, so nothing more is read.
    public static readonly Reply ChunkUnreadable = New(501, 5, 5, 4, "Syntax: BDAT size [LAST]; closing, since the chunk's end is unknown");

    // Order.
    public static readonly Reply BadSequence = New(503, 5, 5, 1, "Bad sequence of commands");
    public static readonly Reply AlreadyAuthenticated = New(503, 5, 5, 1, "Already authenticated");
    public static readonly Reply NoService = New(503, 5, 5, 1, "No service here: say QUIT");
    public static readonly Reply BinaryNeedsBdat = New(503, 5, 5, 1, "BODY=BINARYMIME needs BDAT");

    // Security.
    public static readonly Reply NotTrusted = New(550, 5, 7, 0, "Not trusted to speak for other clients");
    public static readonly Reply TlsRequired = New(530, 5, 7, 0, "Must issue a STARTTLS command first");
    public static readonly Reply AuthenticationRequired = New(530, 5, 7, 0, "Authentication required");
    public static readonly Reply MechanismNeedsTls = New(538, 5, 7, 11, "Encryption required for requested authentication mechanism");
    public static readonly Reply MechanismUnknown = New(504, 5, 5, 4, "Authentication mechanism not offered");
    public static readonly Reply Base64Malformed = New(501, 5, 5, 2, "Response is not base64");
    public static readonly Reply AuthenticationCancelled = New(501, 5, 7, 0, "Authentication cancelled");
    public static readonly Reply ResponseTooLong = New(500, 5, 5, 6, "Authentication exchange line is too long");

    // Content and limits.
    public static readonly Reply TooLarge = New(552, 5, 3, 4, "Message too large");
    public static readonly Reply ContentMalformed = New(554, 5, 6, 0, "Content has a CR or LF alone (RFC 5321 section 2.3.8)");
    public static readonly Reply TooManyRecipients = New(452, 4, 5, 3, "Too many recipients");

    public static readonly Reply EarlyTalker = new(554, "Input before the greeting: no service here");

    // Load.
    public static readonly Reply Overloaded = New(421, 4, 3, 1, "Overloaded, try again later");
    public static readonly Reply MemoryShort = New(452, 4, 3, 1, "Insufficient system storage, try again later");
    public static readonly Reply TooSlow = New(421, 4, 4, 2, "Content comes too slowly, closing connection");

    // Rates.
    public static readonly Reply TooManyMessagesForNow = New(450, 4, 7, 0, "Too many messages for now, try again later");
    public static readonly Reply TooManyRecipientsForNow = New(452, 4, 5, 3, "Too many recipients for now, try again later");

    // 421: the last reply of a connection.
    public static readonly Reply TooManyConnections = New(421, 4, 7, 0, "Too many connections, try again later");
    public static readonly Reply TooManyConnectionsForNow = New(421, 4, 7, 0, "Too many connections for now, try again later");
    public static readonly Reply TooManyFailuresForNow = New(421, 4, 7, 0, "Too many failed authentications for now, try again later");
    public static readonly Reply TooManyErrors = New(421, 4, 7, 0, "Too many errors, closing connection");
    public static readonly Reply TooManyCommands = New(421, 4, 7, 0, "Too many commands, closing connection");
    public static readonly Reply TooManyRefusedRecipients = New(421, 4, 7, 0, "Too many refused recipients, closing connection");
    public static readonly Reply TooManyAuthenticationFailures = New(421, 4, 7, 0, "Too many failed authentications, closing connection");
    public static readonly Reply TooMuchDropped = New(552, 5, 3, 4, "Message far too large, closing connection");
    public static readonly Reply InputBeforeTls = New(421, 4, 7, 0, "Input after STARTTLS, closing connection");
    public static readonly Reply NotSmtp = New(421, 4, 7, 0, "This is not what you look for, closing connection");
    public static readonly Reply TimedOut = New(421, 4, 4, 2, "Timed out, closing connection");
    public static readonly Reply ShuttingDown = New(421, 4, 3, 2, "Service shutting down, closing connection");
    public static readonly Reply Unavailable = New(421, 4, 3, 0, "Service not available, closing connection");

    // A fault of the session class: the cause is logged and stays here.
    public static readonly Reply LocalError = New(451, 4, 3, 0, "Local error in processing");

    public static Reply ParameterUnknown(string keyword) => New(555, 5, 5, 4, $"Parameter {keyword} not recognized");

    public static Reply ParameterRepeated(string keyword) => New(501, 5, 5, 4, $"Parameter {keyword} given twice");

    public static Reply ParameterMalformed(string keyword) => New(501, 5, 5, 4, $"Parameter {keyword} malformed");

    public static Reply ParameterNotImplemented(string parameter) => New(504, 5, 5, 4, $"Parameter {parameter} not implemented");

    private static Reply New(int code, int @class, int subject, int detail, string text) =>
        new(code, new EnhancedStatusCode(@class, subject, detail), text);
}
