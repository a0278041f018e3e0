using System;

namespace Ehlo.Protocol;

/// <summary>
/// 8BITMIME (RFC 6152). No EHLO parameter; always offered. MAIL parameter BODY=7BIT or 8BITMIME; the value BINARYMIME is that of
/// <see cref="BinaryMimeExtension"/>. Content is octets here in any case, so the parameter is a note for whoever sends it on.
/// </summary>
internal sealed class EightBitMimeExtension : Extension
{
    public override string Keyword => "8BITMIME";

    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        refusal = null;
        if (parameter.Keyword != "BODY") return false;
        if (Is("7BIT")) mail.Body = BodyType.SevenBit;
        else if (Is("8BITMIME")) mail.Body = BodyType.EightBitMime;
        else if (!Is("BINARYMIME")) refusal = Replies.ParameterMalformed(parameter.Keyword);
        else if (inForce.Contains("BINARYMIME")) mail.Body = BodyType.BinaryMime;
        else refusal = Replies.ParameterNotImplemented("BODY=BINARYMIME");
        return true;

        bool Is(string value) => string.Equals(parameter.Value, value, StringComparison.OrdinalIgnoreCase);
    }

    // What is only perhaps 8-bit is declared so where it can be: a server without the extension gets it undeclared, and the client sees to it
    // that it is 7-bit.
    internal override ExtensionNeed NeedOf(Envelope envelope, in ContentTraits content) =>
        content.Body is not BodyType.EightBitMime ? ExtensionNeed.None
        : content.IsEightBitCertain ? ExtensionNeed.Needed : ExtensionNeed.Wanted;

    internal override void WriteMail(Envelope envelope, in ContentTraits content, ref CommandWriter command)
    {
        if (content.Body is BodyType.EightBitMime) command.Parameter("BODY", "8BITMIME");
    }
}
