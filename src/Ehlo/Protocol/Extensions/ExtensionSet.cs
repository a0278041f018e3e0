using System.Collections.Generic;
using System.Linq;

namespace Ehlo.Protocol;

/// <summary>The extensions in force: those that the last accepted EHLO listed, and none after HELO (RFC 5321 section 4.1.1.1).</summary>
internal sealed class ExtensionSet
{
    private readonly Extension[] _extensions;

    private ExtensionSet(Extension[] extensions, string lines) => (_extensions, Lines) = (extensions, lines);

    public static ExtensionSet None { get; } = new([], "");

    /// <summary>The EHLO keywords with their parameters, each after a line break.</summary>
    public string Lines { get; }

    public static ExtensionSet Offer(OfferFacts facts)
    {
        Extension[] offered = [.. facts.Options.Extensions.Where(extension => extension.IsOffered(facts))];
        return new(offered, string.Concat(offered.Select(extension =>
            extension.EhloParameter(facts) is { } parameter ? $"\n{extension.Keyword} {parameter}" : $"\n{extension.Keyword}")));
    }

    public bool Contains(string keyword)
    {
        foreach (Extension extension in _extensions)
        {
            if (extension.Keyword == keyword) return true;
        }
        return false;
    }

    /// <summary>Reads the parameters of MAIL into <paramref name="mail"/>. Returns the reply that refuses them, or null.</summary>
    public Reply? ReadMail(MailParameters mail) => Read(
        mail.All,
        (mail, this),
        static (Extension extension, EsmtpParameter parameter, (MailParameters Mail, ExtensionSet InForce) state, out Reply? refusal) =>
            extension.TryReadMail(parameter, state.Mail, state.InForce, out refusal));

    /// <summary>Reads the parameters of RCPT into <paramref name="rcpt"/>. Returns the reply that refuses them, or null.</summary>
    public Reply? ReadRcpt(RcptParameters rcpt) => Read(
        rcpt.All,
        rcpt,
        static (Extension extension, EsmtpParameter parameter, RcptParameters state, out Reply? refusal) =>
            extension.TryReadRcpt(parameter, state, out refusal));

    private delegate bool Reader<T>(Extension extension, EsmtpParameter parameter, T state, out Reply? refusal);

    // 555 for what no extension in force knows, 501 for what is given twice (RFC 5321 section 4.1.1.11).
    private Reply? Read<T>(IReadOnlyList<EsmtpParameter> all, T state, Reader<T> reader)
    {
        for (int i = 0; i < all.Count; i++)
        {
            if (IsRepeated(all, i)) return Replies.ParameterRepeated(all[i].Keyword);
            bool isKnown = false;
            for (int j = 0; j < _extensions.Length && !isKnown; j++)
            {
                isKnown = reader(_extensions[j], all[i], state, out Reply? refusal);
                if (refusal is not null) return refusal;
            }
            if (!isKnown) return Replies.ParameterUnknown(all[i].Keyword);
        }
        return null;
    }

    private static bool IsRepeated(IReadOnlyList<EsmtpParameter> all, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (all[i].Keyword == all[index].Keyword) return true;
        }
        return false;
    }
}
