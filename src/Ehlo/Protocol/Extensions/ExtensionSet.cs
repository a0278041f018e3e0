using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The extensions in force: those that the last accepted EHLO listed, and none after HELO (RFC 5321 section 4.1.1.1).</summary>
public sealed class ExtensionSet
{
    private readonly Extension[] _extensions;

    private readonly string?[] _parameters; // Of the extension at the same place.

    private readonly string[] _verbs;

    private readonly ServerSessionOptions? _options;

    private string? _answer;

    private ExtensionSet(Extension[] extensions, string?[] parameters, string[] verbs, ServerSessionOptions? options) =>
        (_extensions, _parameters, _verbs, _options) = (extensions, parameters, verbs, options);

    /// <summary>None.</summary>
    internal static ExtensionSet None { get; } = new([], [], [], null);

    /// <summary>The EHLO keywords with their parameters, each after a line break.</summary>
    internal string Lines => string.Concat(_extensions.Zip(
        _parameters, (extension, parameter) => parameter is null ? $"\n{extension.Keyword}" : $"\n{extension.Keyword} {parameter}"));

    /// <summary>The server's name and the lines: the answer to a hello to which the session class adds nothing; null of <see cref="None"/>.</summary>
    internal string? Answer => _options is null ? null : _answer ??= _options.ServerName + Lines;

    /// <summary>The keywords, in upper case.</summary>
    public IEnumerable<string> Keywords => _extensions.Select(extension => extension.Keyword);

    /// <summary>What is offered; null where an extension throws.</summary>
    internal static ExtensionSet? TryOffer(OfferFacts facts, ISessionHost? host)
    {
        string method = nameof(Extension.IsOffered);
        try
        {
            IReadOnlyList<Extension> all = facts.Options.Extensions;
            List<Extension> offered = new(all.Count);
            for (int i = 0; i < all.Count; i++)
            {
                if (all[i].IsOffered(facts)) offered.Add(all[i]);
            }
            method = nameof(ISessionHost.Offers);
            for (int i = offered.Count - 1; i >= 0; i--)
            {
                if (host?.Offers(offered[i]) == false) offered.RemoveAt(i);
            }
            method = nameof(Extension.Needs);
            while (FindNeedy(offered) is >= 0 and int needy) offered.RemoveAt(needy);
            method = nameof(Extension.EhloParameter);
            string?[] parameters = new string?[offered.Count];
            for (int i = 0; i < parameters.Length; i++) parameters[i] = offered[i].EhloParameter(facts);
            method = nameof(Extension.Verbs);
            List<string>? verbs = null;
            foreach (Extension extension in offered)
            {
                if (extension.Verbs is { Count: > 0 } more) (verbs ??= []).AddRange(more);
            }
            return facts.Options.Share(new ExtensionSet([.. offered], parameters, [.. verbs ?? []], facts.Options));
        }
        catch (Exception exception)
        {
            host?.ExtensionFailed(method, exception);
            return null; // A hello is refused then.
        }
    }

    /// <summary>Whether the other has the same extensions, listed in the same words.</summary>
    internal bool IsAlike(ExtensionSet other) =>
        _extensions.AsSpan().SequenceEqual(other._extensions)
        && _parameters.AsSpan().SequenceEqual(other._parameters)
        && _verbs.AsSpan().SequenceEqual(other._verbs);

    // An extension that needs one which is not offered; below zero for none.
    private static int FindNeedy(List<Extension> offered)
    {
        for (int i = 0; i < offered.Count; i++)
        {
            if (offered[i].Needs is { } needed && !Contains(CollectionsMarshal.AsSpan(offered), needed)) return i;
        }
        return -1;
    }

    private static bool Contains(ReadOnlySpan<Extension> extensions, string keyword)
    {
        foreach (Extension extension in extensions)
        {
            if (extension.Keyword == keyword) return true;
        }
        return false;
    }

    /// <summary>The time on the server's clock.</summary>
    public DateTimeOffset Now() => _options?.Now() ?? default;

    /// <summary>Whether the extension is in force.</summary>
    /// <param name="keyword">In upper case.</param>
    public bool Contains(string keyword) => Contains(_extensions, keyword);

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
