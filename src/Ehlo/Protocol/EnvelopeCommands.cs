using System.Buffers;

namespace Ehlo.Protocol;

/// <summary>MAIL and RCPT as a client writes them for an envelope: with the parameters of those extensions that the server offers.</summary>
internal static class EnvelopeCommands
{
    // In the order in which their parameters are written.
    private static readonly Extension[] Known =
    [
        new SizeExtension(0), new EightBitMimeExtension(), new BinaryMimeExtension(), new SmtpUtf8Extension(), new RequireTlsExtension(),
        new DsnExtension(), new AuthExtension(), new DeliverByExtension(), new MtPriorityExtension(), new FutureReleaseExtension(1),
        new RrvsExtension(),
    ];

    /// <summary>The keyword of an extension that the message needs and the server does not offer, or null.</summary>
    public static string? FindMissing(Envelope envelope, in ContentTraits content, OfferedExtensions offered)
    {
        foreach (Extension extension in Known)
        {
            if (extension.NeedOf(envelope, content) is ExtensionNeed.Needed && !offered.Contains(extension.Keyword)) return extension.Keyword;
        }
        // Its chunks carry it, and nothing else can.
        return content.Body is BodyType.BinaryMime && !offered.HasChunking ? "CHUNKING" : null;
    }

    // "MAIL FROM:" Reverse-path [SP Mail-parameters]     RFC 5321 section 4.1.1.2
    public static void WriteMail(Envelope envelope, in ContentTraits content, OfferedExtensions offered, IBufferWriter<byte> output)
    {
        CommandWriter command = new(output);
        command.Literal("MAIL FROM:"u8);
        command.Path(envelope.ReversePath.Address);
        foreach (Extension extension in Known)
        {
            if (extension.NeedOf(envelope, content) is not ExtensionNeed.None && offered.Contains(extension.Keyword))
                extension.WriteMail(envelope, content, ref command);
        }
        foreach (EsmtpParameter parameter in envelope.Parameters) command.Parameter(parameter.Keyword, parameter.Value);
        command.Complete();
    }

    // "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [SP Rcpt-parameters]     RFC 5321 section 4.1.1.3
    public static void WriteRcpt(EnvelopeRecipient recipient, OfferedExtensions offered, IBufferWriter<byte> output)
    {
        CommandWriter command = new(output);
        command.Literal("RCPT TO:"u8);
        command.Path(recipient.Path.Address);
        if ((recipient.Notify is not null || recipient.OriginalRecipient is not null) && offered.Contains("DSN"))
            DsnExtension.WriteRcpt(recipient, ref command);
        if (recipient.OwnedSince is not null && offered.Contains("RRVS")) RrvsExtension.WriteRcpt(recipient, ref command);
        foreach (EsmtpParameter parameter in recipient.Parameters) command.Parameter(parameter.Keyword, parameter.Value);
        command.Complete();
    }
}
