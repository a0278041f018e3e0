using System;
using System.Linq;
using Ehlo.Sasl;

namespace Ehlo.Protocol;

/// <summary>The lines of one AUTH command (RFC 4954 section 4): base64 outside, the mechanism's exchange inside.</summary>
internal sealed class AuthenticationDialog(SaslMechanism mechanism, OfferFacts facts)
{
    /// <summary>
    /// Octets of a line of the exchange, with its CRLF: RFC 4954 section 4 holds 12,288 to be enough for every mechanism.
    /// </summary>
    public const int MaxLineOctets = 12288;

    private readonly SaslExchange _exchange = mechanism.Begin(
        facts.SaslContext with { Offered = [.. facts.Mechanisms.Select(offered => offered.Name)] });

    public string Mechanism => mechanism.Name;

    /// <summary>What the session class was asked last, or null.</summary>
    public AuthenticationRequest? Request { get; set; }

    /// <summary>Reads the argument of AUTH up to the initial response. Returns the reply that refuses it, or null.</summary>
    public static Reply? Read(ref ReadOnlySpan<byte> argument, OfferFacts facts, out AuthenticationDialog? dialog)
    {
        dialog = null;
        if (argument.IsEmpty) return Replies.ArgumentRequired;
        int blank = argument.IndexOf((byte)' ');
        ReadOnlySpan<byte> name = blank < 0 ? argument : argument[..blank];
        if (facts.Refusal(name, out SaslMechanism? mechanism) is { } refusal) return refusal;
        argument = blank < 0 ? default : argument[blank..].Trim((byte)' ');
        dialog = new(mechanism!, facts);
        return null;
    }

    /// <summary>The step that the AUTH line itself leads to.</summary>
    /// <param name="initialResponse">What followed the mechanism's name; empty for nothing.</param>
    public SaslStep Begin(ReadOnlySpan<byte> initialResponse)
    {
        if (initialResponse.IsEmpty) return _exchange.Start();
        return SaslLine.TryDecode(initialResponse, isInitialResponse: true, out byte[]? response)
            ? _exchange.Respond(response)
            : SaslStep.Fail(Replies.Base64Malformed);
    }

    /// <summary>The step that a line of the client leads to.</summary>
    public SaslStep Respond(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("*"u8)) return SaslStep.Fail(Replies.AuthenticationCancelled);
        return SaslLine.TryDecode(line, isInitialResponse: false, out byte[]? response)
            ? _exchange.Respond(response)
            : SaslStep.Fail(Replies.Base64Malformed);
    }

    /// <summary>The step that the session class's answer leads to.</summary>
    public SaslStep Decide(AuthenticationResult result) => _exchange.Decide(result);
}
