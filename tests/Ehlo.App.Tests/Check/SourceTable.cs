using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Ehlo.App.Tests.Check;

/// <summary>Where our own server does what a check asks for: the first pattern that an id matches names the file, below src/Ehlo.</summary>
internal static class SourceTable
{
    public static IReadOnlyList<(string Ids, string File)> Rows { get; } =
    [
        ("^(greeting-name|hello-name|hello-keywords|helo-one-line)$", "Protocol/Greetings.cs"),
        ("^enhanced-", "Protocol/StatusCodes.cs"),
        ("^reply-once$", "Protocol/ServerSession.cs"),
        ("^reply-", "Protocol/ReplyWriter.cs"),
        ("^(ehlo-(literal|ipv6|one-label|255|empty)|helo-empty|lhlo-empty)$", "Protocol/Grammar/HelloGrammar.cs"),
        ("^(hello-(lower|mixed)-case|lhlo-lower-case|trailing-space|starttls-case|bdat-lower-case)$", "Protocol/Grammar/CommandGrammar.cs"),
        ("^(lhlo-in-smtp|ehlo-in-lmtp|helo-in-lmtp|refused-ehlo-keeps|vrfy|expn|help|unknown-verb)$", "Protocol/CommandRules.cs"),
        ("^(ehlo-after-helo|helo-parameters|lmtp-(pipelining|enhanced|8bitmime))$", "Protocol/Extensions/ExtensionSet.cs"),
        ("^(helo|second-hello|helo-after-ehlo|hello-|helo-resets|lhlo-resets|refused-|rset-(argument|ends|forgets)|quit-argument)",
            "Protocol/ServerSession.cs"),
        ("^(mail-before-hello|mail-in-mail|mail-after-refused|.*-before-|data-early|data-refused-rcpt|second-rcpt|rset|noop|.*-keeps)",
            "Protocol/SessionTable.cs"),
        ("^quit", "Protocol/SessionTable.cs"),
        ("^vrfy-empty$", "Protocol/CommandArguments.cs"),
        ("^(split-command|bare-|lf-cr|nul-line|line-)", "Protocol/Framing/CommandReader.cs"),
        ("^(empty-line|group)", "Protocol/ServerSession.cs"),
        ("^(mail-lower-case|rcpt-lower-case|(mail|rcpt)-(no-path|no-argument|to|from))$", "Protocol/CommandArguments.cs"),
        ("^mail-size|^size-form", "Protocol/Extensions/SizeExtension.cs"),
        ("^mail-(8bit|7bit|body)", "Protocol/Extensions/EightBitMimeExtension.cs"),
        ("^(mail-binary|binarymime-)", "Protocol/Extensions/BinaryMimeExtension.cs"),
        ("^data-binary$", "Protocol/ServerSession.cs"),
        ("^(mail-smtputf8|smtputf8-)", "Protocol/Extensions/SmtpUtf8Extension.cs"),
        ("^mail-auth", "Protocol/Extensions/AuthExtension.cs"),
        ("^(mail-(ret|envid)|rcpt-(notify|orcpt))", "Protocol/Extensions/DsnExtension.cs"),
        ("requiretls", "Protocol/Extensions/RequireTlsExtension.cs"),
        ("^mail-priority", "Protocol/Extensions/MtPriorityExtension.cs"),
        ("^(futurerelease-|mail-hold)", "Protocol/Extensions/FutureReleaseExtension.cs"),
        ("^mail-by-", "Protocol/Extensions/DeliverByExtension.cs"),
        ("^rcpt-rrvs", "Protocol/Extensions/RrvsExtension.cs"),
        ("^limits-", "Protocol/Extensions/LimitsExtension.cs"),
        ("^mail-solicit", "Protocol/Extensions/NoSolicitingExtension.cs"),
        ("^(mail-no-keyword|mail-two-parameters|mail-other-order)$", "Protocol/Grammar/ParameterGrammar.cs"),
        ("(mail|rcpt)-.*unknown", "Protocol/Extensions/ExtensionSet.cs"),
        ("^rcpt-100$", "Server/SmtpLimits.cs"),
        ("literal|ipv6", "AddressLiteral.cs"),
        ("^(mail-(empty-label|hyphen|utf8-domain))$", "Domain.cs"),
        ("^mail-(atoms|quoted|dot-|space-local|open-quote|local-64|utf8)", "LocalPart.cs"),
        ("^(mail|rcpt|postmaster|null-reverse-path)", "Protocol/Grammar/PathGrammar.cs"),
        ("^(smuggle-|data-(dot|split|no-content|commands))", "Protocol/Framing/DataDecoder.cs"),
        ("^data-argument$", "Protocol/ServerSession.cs"),
        ("^(data-ends|data-again|data-forgets-recipients)$", "Protocol/Ending.cs"),
        ("^data", "Protocol/Framing/ContentReceiver.cs"),
        ("^bdat-(no-size|word|negative|marker|last-case)$", "Protocol/Grammar/ChunkGrammar.cs"),
        ("^bdat-(refused-octets|after-last|again|data|mail|rset|hello|noop|quit|unknown)$", "Protocol/SessionTable.cs"),
        ("^bdat", "Protocol/Framing/ContentReceiver.cs"),
        ("^starttls-(handshake|version)$", "Server/ConnectionTransport.cs"),
        ("^starttls-(again)$", "Protocol/Extensions/StartTlsExtension.cs"),
        ("^starttls-twice$", "Protocol/CommandRules.cs"),
        ("^starttls", "Protocol/ServerSession.cs"),
        ("^auth-(form)$", "Protocol/Extensions/AuthExtension.cs"),
        ("^auth-.*base64$|^auth-equals$", "Protocol/Grammar/SaslLine.cs"),
        ("^auth-(helo|in-mail|twice|rset|hello|transaction)$", "Protocol/CommandRules.cs"),
        ("^auth-(plain|no-nul|good|good-challenged|wrong)$", "Sasl/PlainMechanism.cs"),
        ("^auth-login$", "Sasl/LoginMechanism.cs"),
        ("^auth-cram", "Sasl/CramMd5Mechanism.cs"),
        ("^auth-scram", "Sasl/ScramMechanism.cs"),
        ("^auth-(unknown-mechanism|case)$", "Protocol/OfferFacts.cs"),
        ("^auth-", "Protocol/AuthenticationDialog.cs"),
        ("^lmtp-data", "Protocol/SessionTable.cs"),
        ("^lmtp-", "Protocol/Ending.cs"),
    ];

    public static string FileFor(string id) => Rows.First(row => Regex.IsMatch(id, row.Ids)).File;
}
