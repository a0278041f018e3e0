using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.Sasl;

namespace Ehlo.Fuzz.Targets;

/// <summary>
/// Every SASL mechanism with any responses, which a line feed parts: nothing is thrown, it ends, and no name that it asks about has a
/// control character. There is no oracle of what is right; the mechanisms' own tests have their RFCs' examples.
/// </summary>
internal sealed class Exchanges : FuzzTarget
{
    private static readonly SaslContext Context = new()
    {
        ServerName = "mx.example",
        NewNonce = () => "3rfcNHYJY1ZVvWVs7j",
        FakeSaltKey = new byte[32],
        Offered = ["SCRAM-SHA-256", "PLAIN"],
    };

    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Lines
        .Select(line => line[(line.LastIndexOf(' ') + 1)..])
        .Where(word => word.Length > 0 && word.Length % 4 == 0 && AddressOracle.Matches(word, "[A-Za-z0-9+/]+={0,2}"))
        .Select(Convert.FromBase64String)
        .Concat([[.. "n,,n=user,r=rOprNGfwEbeRWgbNEkqO\nc=biws,r=rOprNGfwEbeRWgbNEkqO3rfcNHYJY1ZVvWVs7j,p=AAAA"u8]])
        .Concat([[.. "n,a=user@x,\u0001host=x\u0001port=25\u0001auth=Bearer abc\u0001\u0001"u8], [.. "user=a\u0001auth=Bearer abc\u0001\u0001"u8]]);

    public override void Run(ReadOnlySpan<byte> input)
    {
        foreach (SaslMechanism mechanism in SaslMechanisms.All)
        {
            SaslExchange exchange = mechanism.Begin(Context);
            SaslStep step = exchange.Start();
            foreach (Range range in input.Split((byte)'\n'))
            {
                if (step.Kind is not SaslStepKind.Challenge) break;
                step = exchange.Respond(input[range]);
                if (step.Kind is not SaslStepKind.Ask) continue;
                string name = step.Request!.ClaimedIdentity ?? "";
                True(!name.Any(char.IsControl), $"{mechanism.Name} asks about a name with a control character");
                step = exchange.Decide(AuthenticationResult.Refuse());
                True(step.Kind is SaslStepKind.Fail or SaslStepKind.Challenge, "a refusal is no success");
            }
            True(step.Kind is not SaslStepKind.Succeed, "success without anybody's leave");
        }
    }
}
