using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ehlo.Sasl;

namespace Ehlo.Fuzz.Targets;

/// <summary>
/// The client's side of every SASL mechanism with any challenges, which a line feed parts: nothing is thrown, what has failed fails again, no
/// reason holds a control character, and SCRAM proves and believes what its definition says, computed step by step.
/// </summary>
internal sealed class ClientExchanges : FuzzTarget
{
    private const string Nonce = "nonce";
    private const string Password = "pencil";

    private static readonly SaslClientContext Context = new()
    {
        Host = "mx.example",
        Port = 587,
        IsSecure = true,
        NewNonce = () => Nonce,
    };

    private static readonly SaslCredential[] Credentials =
        [new PasswordCredential("user", Password), new TokenCredential("user", "token"), new ExternalCredential(), new AnonymousCredential("me")];

    public override IEnumerable<byte[]> Seeds(Corpus corpus) =>
        ((string[])["", "\n", "User Name\u0000\nPassword\u0000", "<1896.697170952@mx.example>", "{\"status\":\"401\"}", "e=other-error", "v=AAAA",
            "r=nonce1,s=QSXCR+Q6sek8bf92,i=4096\nv=" + Signature("r=nonce1,s=QSXCR+Q6sek8bf92,i=4096"),
            "r=nonce1,s=QSXCR+Q6sek8bf92,i=4095", "r=nonce1,s=QSXCR+Q6sek8bf92,i=1000001", "m=x,r=nonce1,s=QSXCR+Q6sek8bf92,i=4096",
            "r=nonce1,s=QSXCR+Q6sek8bf92,i=4097,x=y\nv=AAAA", "r=nonce,s=AAAA,i=4096", "r=other,s=AAAA,i=4096", "r=nonce1,s=,i=4096"])
        .Select(Corpus.Octets);

    public override void Run(ReadOnlySpan<byte> input)
    {
        string[] challenges = Encoding.Latin1.GetString(input).Split('\n');
        foreach (SaslClientMechanism mechanism in SaslClientMechanisms.All)
        {
            if (Credentials.FirstOrDefault(credential => mechanism.Accepts(credential, Context)) is not { } credential) continue;
            SaslClientExchange exchange = mechanism.Start(credential, Context);
            List<string> said = Say(mechanism, exchange, challenges);
            bool isScram = mechanism.Name.StartsWith("SCRAM", StringComparison.Ordinal);
            if (mechanism.Name == "SCRAM-SHA-256") CheckScram(challenges, said, exchange.Complete() is null);
            else if (isScram && exchange.Complete() is null) True(said.Count > 2, "SCRAM believes what was not proved");
            if (!mechanism.IsPlaintext) True(!said.Any(text => text.Contains(Password, StringComparison.Ordinal)), "the password was shown");
            True(exchange.ServerError is not { } error || (error.Length <= 200 && !error.Any(char.IsControl)), "an error that cannot be shown");
        }
    }

    private static List<string> Say(SaslClientMechanism mechanism, SaslClientExchange exchange, string[] challenges)
    {
        List<string> said = [];
        bool hasFailed = false;
        IEnumerable<byte[]> all = challenges.Select(Corpus.Octets);
        foreach (byte[] challenge in exchange.HasInitialResponse ? all.Prepend([]) : all)
        {
            // Each derives keys, and one is enough.
            if (hasFailed && said.Count > 4) break;
            SaslClientStep step = exchange.Respond(challenge);
            True(!hasFailed || step.Kind is SaslClientStepKind.Fail || mechanism is CramMd5ClientMechanism, $"{mechanism.Name} goes on");
            if (step.Kind is SaslClientStepKind.Fail)
            {
                hasFailed = true;
                True(step.Reason is { Length: > 0 and < 300 } reason && !reason.Any(char.IsControl), "a reason that cannot be shown");
            }
            else
            {
                said.Add(Encoding.Latin1.GetString(step.ResponseData.Span));
            }
        }
        return said;
    }

    // RFC 5802 section 3 and RFC 5802 section 7, with SHA-256.
    private static void CheckScram(string[] challenges, List<string> said, bool isBelieved)
    {
        Equal($"n,,n=user,r={Nonce}", said[0], "SCRAM's first message");
        string? proof = ProofOf(challenges[0]);
        Equal(proof, said.ElementAtOrDefault(1), "SCRAM's proof");
        string? final = challenges.ElementAtOrDefault(1);
        bool isProved = proof is not null && final is not null && challenges.Length == 2
            && final.Split(',')[0] is ['v', '=', .. var signature] && IsSame(Base64(signature), Base64(Signature(challenges[0])));
        if (challenges.Length <= 2) Equal(isProved, isBelieved, "whether the server is believed");
    }

    private static bool IsSame(byte[]? one, byte[]? other) => one is not null && other is not null && one.AsSpan().SequenceEqual(other);

    private static string? ProofOf(string first)
    {
        if (Keys(first) is not { } keys) return null;
        byte[] signature = HMACSHA256.HashData(SHA256.HashData(keys.Client), Encoding.UTF8.GetBytes(keys.Message));
        return $"{keys.WithoutProof},p={Convert.ToBase64String([.. signature.Zip(keys.Client, (a, b) => (byte)(a ^ b))])}";
    }

    private static string Signature(string first) => Keys(first) is { } keys
        ? Convert.ToBase64String(HMACSHA256.HashData(keys.Server, Encoding.UTF8.GetBytes(keys.Message)))
        : "";

    private static (byte[] Client, byte[] Server, string Message, string WithoutProof)? Keys(string first)
    {
        if (first.Length > 4096 || Utf8Text.Read(Corpus.Octets(first), allowUtf8: true) is not { } text) return null;
        Match match = Regex.Match(text, $@"\Ar=({Nonce}[!-+\x2D-~]+),s=([^,]+),i=([0-9]+)(?:,|\z)");
        if (!match.Success || Base64(match.Groups[2].Value) is not { Length: > 0 } salt) return null;
        if (match.Groups[3].Value.TrimStart('0') is not { Length: >= 4 and <= 7 } digits) return null;
        int iterations = int.Parse(digits, CultureInfo.InvariantCulture);
        if (iterations is < 4096 or > 1_000_000) return null;
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(Password, salt, iterations, HashAlgorithmName.SHA256, 32);
        string withoutProof = $"c=biws,r={match.Groups[1].Value}";
        return (HMACSHA256.HashData(salted, "Client Key"u8.ToArray()), HMACSHA256.HashData(salted, "Server Key"u8.ToArray()),
            $"n=user,r={Nonce},{text},{withoutProof}", withoutProof);
    }

    private static byte[]? Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
