using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The extensions in force: those that the last accepted EHLO listed, and none after HELO (RFC 5321 section 4.1.1.1).</summary>
public sealed class ExtensionSet
{
    private readonly Extension[] _extensions;

    private readonly string[] _verbs;

    private readonly ServerSessionOptions? _options;

    private ExtensionSet(Extension[] extensions, string lines, string[] verbs, ServerSessionOptions? options) =>
        (_extensions, Lines, _verbs, _options) = (extensions, lines, verbs, options);

    /// <summary>None.</summary>
    internal static ExtensionSet None { get; } = new([], "", [], null);

    /// <summary>The EHLO keywords with their parameters, each after a line break.</summary>
    internal string Lines { get; }

    /// <summary>The keywords, in upper case.</summary>
    public IEnumerable<string> Keywords => _extensions.Select(extension => extension.Keyword);

    /// <summary>What is offered; null where an extension throws.</summary>
    internal static ExtensionSet? TryOffer(OfferFacts facts, ISessionHost? host)
    {
        string method = nameof(Extension.IsOffered);
        try
        {
            Extension[] offered = [.. facts.Options.Extensions.Where(extension => extension.IsOffered(facts))];
            method = nameof(ISessionHost.Offers);
            if (host is not null) offered = [.. offered.Where(host.Offers)];
            method = nameof(Extension.Needs);
            offered = [.. offered.Where(extension => extension.Needs is not { } needed || offered.Any(other => other.Keyword == needed))];
            method = nameof(Extension.EhloParameter);
            string lines = string.Concat(offered.Select(extension =>
                extension.EhloParameter(facts) is { } parameter ? $"\n{extension.Keyword} {parameter}" : $"\n{extension.Keyword}"));
            method = nameof(Extension.Verbs);
            return facts.Options.Share(new ExtensionSet(offered, lines, [.. offered.SelectMany(extension => extension.Verbs)], facts.Options));
        }
        catch (Exception exception)
        {
            host?.ExtensionFailed(method, exception);
            return null; // A hello is refused then.
        }
    }

    /// <summary>Whether the other has the same extensions, listed in the same words.</summary>
    internal bool IsAlike(ExtensionSet other) =>
        Lines == other.Lines && _extensions.AsSpan().SequenceEqual(other._extensions) && _verbs.AsSpan().SequenceEqual(other._verbs);

    /// <summary>The time on the server's clock.</summary>
    public DateTimeOffset Now() => _options?.Now() ?? default;

    /// <summary>Whether the extension is in force.</summary>
    /// <param name="keyword">In upper case.</param>
    public bool Contains(string keyword)
    {
        foreach (Extension extension in _extensions)
        {
            if (extension.Keyword == keyword) return true;
        }
        return false;
    }

    /// <summary>Reads the parameters of MAIL into <paramref name="mail"/>. Returns the reply that refuses them, or null.</summary>
    internal Reply? ReadMail(MailParameters mail, ISessionHost? host) => mail.All.Count == 0 ? null : Read(
        nameof(Extension.TryReadMail),
        host,
        mail.All,
        (mail, this),
        static (Extension extension, EsmtpParameter parameter, (MailParameters Mail, ExtensionSet InForce) state, out Reply? refusal) =>
            extension.TryReadMail(parameter, state.Mail, state.InForce, out refusal));

    /// <summary>Reads the parameters of RCPT into <paramref name="rcpt"/>. Returns the reply that refuses them, or null.</summary>
    internal Reply? ReadRcpt(RcptParameters rcpt, ISessionHost? host) => rcpt.All.Count == 0 ? null : Read(
        nameof(Extension.TryReadRcpt),
        host,
        rcpt.All,
        (rcpt, this),
        static (Extension extension, EsmtpParameter parameter, (RcptParameters Rcpt, ExtensionSet InForce) state, out Reply? refusal) =>
            extension.TryReadRcpt(parameter, state.Rcpt, state.InForce, out refusal));

    /// <summary>The verb, if it is one that an extension in force adds.</summary>
    internal string? FindVerb(ReadOnlySpan<byte> word)
    {
        foreach (string verb in _verbs)
        {
            if (Ascii.EqualsIgnoreCase(word, verb)) return verb;
        }
        return null;
    }

    private delegate bool Reader<T>(Extension extension, EsmtpParameter parameter, T state, out Reply? refusal);

    private Reply? Read<T>(string method, ISessionHost? host, IReadOnlyList<EsmtpParameter> all, T state, Reader<T> reader)
    {
        try
        {
            return Read(all, state, reader);
        }
        catch (Exception exception)
        {
            host?.ExtensionFailed(method, exception);
            return Replies.LocalError;
        }
    }

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
