using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Sasl;
using Xunit;

namespace Ehlo.Tests.Authentication;

/// <summary>Whatever a client says in whatever order: no exchange throws, or goes on for ever, or lets somebody in unasked.</summary>
public sealed class ExchangePropertyTests
{
    private static readonly ScramCredential Credential = ScramCredential.Create("pencil", "a salt of 16 oct"u8, ScramCredential.MinIterations);

    // Octets by chance find little, so pieces of good messages are put together.
    private static readonly string[] Pieces =
    [
        "n", "y", "p=", "tls-unique", ",", ",,", "a=", "n=", "r=", "m=", "c=", "p=", "biws", "=2C", "=", "user", "nonce", "\x01", "\x01\x01", "auth=",
        "Bearer ", "token", "user=", "host=", "port=", "0", "\0", "é", "\u200D", " ", "@", "a@b", "0123456789abcdef0123456789abcdef",
        "client", "clientnonce",
    ];

    private static readonly Gen<byte[]> Message = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.Int[0, Pieces.Length - 1].Array[0, 12].Select(picks => Encoding.UTF8.GetBytes(string.Concat(picks.Select(pick => Pieces[pick])))));

    public static TheoryData<string> Names => [.. SaslMechanisms.All.Select(mechanism => mechanism.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_octets_in_any_order_end_in_a_step(string name)
    {
        SaslMechanism mechanism = SaslMechanisms.All.Single(known => known.Name == name);
        Gen.Select(Gen.Bool, Message.Array[1, 5], Gen.Int[0, 3].Array[1, 5]).Sample(
            (starts, messages, answers) =>
            {
                SaslExchange exchange = mechanism.Begin(Context());
                List<SaslStep> steps = [];
                if (starts) steps.Add(exchange.Start());
                for (int i = 0; i < messages.Length; i++)
                {
                    steps.Add(exchange.Respond(messages[i]));
                    if (steps[^1].Kind is SaslStepKind.Ask) steps.Add(exchange.Decide(Answer(steps[^1].Request!, answers[i % answers.Length])));
                }
                // Nobody is let in but by an answer that says so, and of the answers here none does.
                return steps.TrueForAll(step => step.Kind is not SaslStepKind.Succeed);
            },
            iter: 3000);
    }

    private static AuthenticationResult Answer(AuthenticationRequest request, int choice) => (request, choice) switch
    {
        (StoredKeyRequest, < 2) => AuthenticationResult.AcceptIfProved(new AuthenticatedIdentity("user"), Credential),
        (SecretRequest, < 2) => AuthenticationResult.AcceptIfProved(new AuthenticatedIdentity("user"), "pencil"),
        (_, 2) => AuthenticationResult.Refuse(new Reply(454, "Later")),
        _ => AuthenticationResult.Refuse(),
    };

    private static SaslContext Context() => new()
    {
        ServerName = "mx.example",
        NewNonce = () => "nonce",
        FakeSaltKey = "the key of the salts of nobody"u8.ToArray(),
        ChannelBindings = [new(ChannelBinding.TlsUnique, "octets"u8.ToArray())],
        ClientCertificate = "certificate"u8.ToArray(),
        Offered = [.. SaslMechanisms.All.Select(known => known.Name)],
    };
}
