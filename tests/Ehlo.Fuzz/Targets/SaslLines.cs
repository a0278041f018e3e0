using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.Protocol;
using Ehlo.Sasl;

namespace Ehlo.Fuzz.Targets;

/// <summary>Base64 bit by bit, and what PLAIN and LOGIN make of it.</summary>
internal sealed class SaslLines : FuzzTarget
{
    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"; // RFC 4648 section 4.

    public override IEnumerable<byte[]> Seeds(Corpus corpus) =>
        corpus.Lines.Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .Concat(["AGEAYg==", "YQBiAGM=", "=", "AAAA", "Zh==", "w7w="])
            .Select(Corpus.Octets);

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte[]? slow = Decode(input);
        Read(input, isInitialResponse: false, slow);
        Read(input, isInitialResponse: true, input.SequenceEqual("="u8) ? [] : input.IsEmpty ? null : slow);
        if (slow is null) return;
        Plain(slow);
        Login(slow);
    }

    private static void Read(ReadOnlySpan<byte> input, bool isInitialResponse, byte[]? slow)
    {
        bool isGood = SaslLine.TryDecode(input, isInitialResponse, out byte[]? fast);
        Equal(slow is not null, isGood, "base64");
        Same(slow ?? [], fast ?? [], "octets");
    }

    private static byte[]? Decode(ReadOnlySpan<byte> line)
    {
        if (line.Length % 4 != 0) return null;
        string bits = "";
        for (int i = 0; i < line.Length; i++)
        {
            int digit = Digits.IndexOf((char)line[i], StringComparison.Ordinal);
            bool isPadding = line[i] == '=' && (i == line.Length - 1 || (i == line.Length - 2 && line[^1] == '='));
            if (digit < 0 && !isPadding) return null;
            if (!isPadding) bits += Convert.ToString(digit, 2).PadLeft(6, '0');
        }
        // The bits that fill up the last digit must be none.
        if (bits[(bits.Length / 8 * 8)..].Contains('1', StringComparison.Ordinal)) return null;
        return [.. bits.Chunk(8).Where(octet => octet.Length == 8).Select(octet => Convert.ToByte(new string(octet), 2))];
    }

    // Neither mechanism makes anything of it.
    private static readonly SaslContext Context = new() { ServerName = "mx.example", NewNonce = () => "", FakeSaltKey = default };

    // message = [authzid] UTF8NUL authcid UTF8NUL passwd (RFC 4616 section 2)
    private static void Plain(byte[] response)
    {
        string? expected = null;
        if (Utf8Text.Read(response, allowUtf8: true)?.Split('\0') is [var authorization, { Length: > 0 } name, { Length: > 0 } password]
            && !$"{authorization}{name}".Any(char.IsControl))
            expected = Show(new PasswordRequest("PLAIN", name, password, authorization.Length == 0 ? null : authorization));
        Equal(expected, Show(new PlainMechanism().Begin(Context).Respond(response)), "PLAIN");
    }

    private static void Login(byte[] response)
    {
        string? text = Utf8Text.Read(response, allowUtf8: true);
        // Controls are for passwords only.
        bool isGood = text is { Length: > 0 } && !text.Any(char.IsControl);
        SaslExchange exchange = new LoginMechanism().Begin(Context);
        SaslStep step = exchange.Respond(response);
        Equal(isGood ? SaslStepKind.Challenge : SaslStepKind.Fail, step.Kind, "LOGIN's name");
        if (isGood) Equal(Show(new PasswordRequest("LOGIN", text!, text!)), Show(exchange.Respond(response)), "LOGIN's password");
    }

    private static string? Show(SaslStep step) => step.Kind is SaslStepKind.Ask ? Show((PasswordRequest)step.Request!) : null;

    private static string Show(PasswordRequest request) =>
        $"{request.Mechanism} {request.AuthorizationIdentity ?? "none"} {request.AuthenticationIdentity} {request.Password}";
}
