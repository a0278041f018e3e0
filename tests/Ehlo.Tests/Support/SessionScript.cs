using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Ehlo.Sasl;

namespace Ehlo.Tests.Support;

/// <summary>
/// What a scripted session class answers, and what it saw. One script serves the session without I/O and the class behind the driver,
/// so that both can be compared.
/// </summary>
internal sealed class SessionScript
{
    private static readonly ConcurrentDictionary<(string Password, string Salt), ScramCredential> Credentials = [];

    private readonly List<(string Method, string Match, Reply? Reply)> _rules = [];

    /// <summary>Every call, in order, as text.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Each message that was accepted, as text.</summary>
    public List<string> Stored { get; } = [];

    public AuthenticationKinds AuthenticationKinds { get; set; } = AuthenticationKinds.Password;

    /// <summary>The keyword of an extension that this session class does not offer; null for none.</summary>
    public string? Hidden { get; set; }

    /// <summary>The password that is right for every name.</summary>
    public string Password { get; set; } = "secret";

    /// <summary>The salt of the stored keys of that password.</summary>
    public byte[] Salt { get; set; } = "salt-of-sixteen."u8.ToArray();

    /// <summary>A token that is good for everybody.</summary>
    public const string Token = "good-token";

    /// <summary>Answers a call of the method whose argument contains the match with the reply; null throws.</summary>
    public SessionScript On(string method, string match, Reply? reply)
    {
        _rules.Add((method, match, reply));
        return this;
    }

    public Reply Answer(string method, string argument, Reply otherwise)
    {
        Calls.Add(argument.Length == 0 ? method : $"{method}({argument})");
        return RuleOf(method, argument) is { } rule
            ? rule.Reply ?? throw new InvalidOperationException("The script says to throw: a secret of this side.")
            : otherwise;
    }

    public AuthenticationResult Authenticate(AuthenticationRequest request)
    {
        Reply reply = Answer("OnAuthenticate", $"{request.Mechanism} {request.ClaimedIdentity}".TrimEnd(), Reply.Ok());
        if (!reply.IsPositive) return AuthenticationResult.Refuse(reply);
        return request switch
        {
            PasswordRequest password when password.Password == Password =>
                AuthenticationResult.Accept(password.AuthorizationIdentity ?? password.AuthenticationIdentity),
            StoredKeyRequest stored => AuthenticationResult.AcceptIfProved(
                new AuthenticatedIdentity(stored.AuthorizationIdentity ?? stored.AuthenticationIdentity),
                Credential()),
            SecretRequest secret => AuthenticationResult.AcceptIfProved(new AuthenticatedIdentity(secret.AuthenticationIdentity), Password),
            BearerRequest { Token: Token } bearer => AuthenticationResult.Accept(bearer.AuthorizationIdentity ?? "the token's owner"),
            CertificateRequest certificate => AuthenticationResult.Accept(certificate.AuthorizationIdentity ?? "the certificate's owner"),
            AnonymousRequest anonymous => AuthenticationResult.Accept($"anonymous {anonymous.Trace}".TrimEnd()),
            _ => AuthenticationResult.Refuse(),
        };
    }

    // Slow by intention, and each transcript runs in hundreds of segmentations.
    private ScramCredential Credential() => Credentials.GetOrAdd(
        (Password, Convert.ToBase64String(Salt)), _ => ScramCredential.Create(Password, Salt, ScramCredential.MinIterations));

    /// <summary>The method has read the content to its good end.</summary>
    public Reply Message(MailTransaction transaction, byte[] content)
    {
        List<Recipient> accepted = [.. transaction.Recipients];
        if (transaction.RecipientReplies is { } replies)
        {
            foreach (Recipient recipient in transaction.Recipients)
            {
                if (RuleOf("Recipient", recipient.ToString()) is not { Reply: { } told }) continue;
                replies.Set(recipient, told);
                if (!told.IsPositive) accepted.Remove(recipient);
            }
        }
        Reply reply = Answer("OnMessage", Escape(content), new Reply(250, new EnhancedStatusCode(2, 6, 0), "Accepted"));
        string to = accepted.Count == 0 ? "nobody" : string.Join(' ', accepted);
        if (reply.IsPositive) Stored.Add($"{transaction.ReversePath} to {to} \"{Escape(content)}\"");
        return reply;
    }

    private (string Method, string Match, Reply? Reply)? RuleOf(string method, string argument)
    {
        foreach ((string Method, string Match, Reply? Reply) rule in _rules)
        {
            if (rule.Method == method && argument.Contains(rule.Match, StringComparison.Ordinal)) return rule;
        }
        return null;
    }

    /// <summary>The method's read threw.</summary>
    public void Aborted(object reason) => Calls.Add($"OnMessage aborted({reason})");

    /// <summary>Octets as a transcript shows them: printable ASCII as it is, the rest escaped.</summary>
    public static string Escape(ReadOnlySpan<byte> octets)
    {
        System.Text.StringBuilder text = new();
        foreach (byte octet in octets)
        {
            _ = octet switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\\' => text.Append("\\\\"),
                (byte)'"' => text.Append("\\\""),
                >= 32 and < 127 => text.Append((char)octet),
                _ => text.Append("\\x").Append(octet.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)),
            };
        }
        return text.ToString();
    }
}
