using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Protocol;

/// <summary>Turns the arguments of commands into what the session class decides on, or into the reply that refuses them.</summary>
internal static class CommandArguments
{
    // More parameters than all registered extensions together have; each is looked for among those before it.
    private const int MaxParameters = 32;

    public static Reply? ReadHello(Verb verb, ReadOnlySpan<byte> argument, out PendingDecision decision)
    {
        decision = default;
        if (!HelloGrammar.TryParse(argument, out string? name, out bool isValid)) return Replies.HelloMalformed;
        decision = new(Decision.Hello, new Hello(NameOf(verb), name, isValid));
        return null;
    }

    private static string NameOf(Verb hello) => hello switch
    {
        Verb.Ehlo => "EHLO",
        Verb.Lhlo => "LHLO",
        _ => "HELO",
    };

    public static Reply? ReadMail(
        ReadOnlySpan<byte> argument, ExtensionSet inForce, MailProtocol protocol, ISessionHost? host, out PendingDecision decision)
    {
        decision = default;
        bool allowUtf8 = inForce.Contains("SMTPUTF8");
        if (!CommandGrammar.TrySkipPrefix(ref argument, "FROM:"u8)
            || !PathGrammar.TryReadReversePath(ref argument, allowUtf8, out ReversePath? path)) return Replies.ReversePathMalformed;
        if (!TryReadParameters(argument, allowUtf8, out IReadOnlyList<EsmtpParameter> all)) return Replies.ParametersMalformed;
        MailParameters parameters = all.Count == 0 ? MailParameters.Empty : new(all);
        if (inForce.ReadMail(parameters, host) is { } refusal) return refusal;
        // RFC 6531 section 3.5.
        if (path.RequiresSmtpUtf8 && !parameters.SmtpUtf8) return Replies.NeedsSmtpUtf8;
        decision = new(Decision.Mail, new MailTransaction(path, parameters, protocol));
        return null;
    }

    public static Reply? ReadRcpt(
        ReadOnlySpan<byte> argument, ExtensionSet inForce, MailTransaction transaction, ISessionHost? host, out PendingDecision decision)
    {
        decision = default;
        bool allowUtf8 = inForce.Contains("SMTPUTF8");
        if (!CommandGrammar.TrySkipPrefix(ref argument, "TO:"u8)
            || !PathGrammar.TryReadForwardPath(ref argument, allowUtf8, out ForwardPath? path)) return Replies.ForwardPathMalformed;
        if (!TryReadParameters(argument, allowUtf8, out IReadOnlyList<EsmtpParameter> all)) return Replies.ParametersMalformed;
        RcptParameters parameters = all.Count == 0 ? RcptParameters.Empty : new(all);
        if (inForce.ReadRcpt(parameters, host) is { } refusal) return refusal;
        if (path.RequiresSmtpUtf8 && !transaction.Parameters.SmtpUtf8) return Replies.NeedsSmtpUtf8;
        decision = new(Decision.Rcpt, new Recipient(path, parameters));
        return null;
    }

    /// <summary>The text of VRFY, EXPN or HELP, of which the first two must have one.</summary>
    public static Reply? ReadText(Verb verb, ReadOnlySpan<byte> argument, out PendingDecision decision)
    {
        decision = default;
        if (argument.IsEmpty && verb is not Verb.Help) return Replies.ArgumentRequired;
        if (!TryReadText(argument, out string? text)) return Replies.ParametersMalformed;
        decision = new(verb switch { Verb.Vrfy => Decision.Verify, Verb.Expn => Decision.Expand, _ => Decision.Help }, text);
        return null;
    }

    /// <summary>The text of a command that an extension adds; there may be none.</summary>
    public static Reply? ReadOwn(string verb, ReadOnlySpan<byte> argument, out PendingDecision decision)
    {
        decision = default;
        if (!TryReadText(argument, out string? text)) return Replies.ParametersMalformed;
        decision = new(Decision.Command, new OwnCommand(verb, text));
        return null;
    }

    private static bool TryReadText(ReadOnlySpan<byte> argument, [NotNullWhen(true)] out string? text)
    {
        bool isText = Utf8.IsValid(argument) && !argument.ContainsAnyInRange((byte)0, (byte)31) && !argument.Contains((byte)127);
        text = isText ? Encoding.UTF8.GetString(argument) : null;
        return isText;
    }

    /// <summary>
    /// Whether the line begins a request of another protocol, whose sender may be a browser made to carry somebody's commands in its body.
    /// </summary>
    public static bool IsOtherProtocol(ReadOnlySpan<byte> line) =>
        // The PROXY protocol is spoken by those who are trusted with it, and is over before the first command.
        line.StartsWith("PROXY "u8) || line.SequenceEqual("\0"u8)
        || line.EndsWith(" HTTP/1.1"u8) || line.EndsWith(" HTTP/1.0"u8) || line.StartsWith("SSH-"u8) || line.StartsWith("\u0016\u0003"u8);

    private static bool TryReadParameters(ReadOnlySpan<byte> text, bool allowUtf8, out IReadOnlyList<EsmtpParameter> all)
    {
        all = [];
        List<EsmtpParameter>? list = null;
        text = text.Trim((byte)' ');
        while (!text.IsEmpty)
        {
            if (list?.Count == MaxParameters || !ParameterGrammar.TryRead(ref text, allowUtf8, out EsmtpParameter? parameter)) return false;
            (list ??= []).Add(parameter);
        }
        if (list is not null) all = list;
        return true;
    }
}
