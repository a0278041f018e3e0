using System;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Sasl;
using Xunit;

namespace Ehlo.Tests.Authentication;

public sealed class ClientScramTests
{
    private static readonly PasswordCredential User = new("user", "pencil");
    private static readonly ChannelBinding Binding = new(ChannelBinding.TlsServerEndPoint, "octets"u8.ToArray());

    [Theory]
    [InlineData(
        "SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL", "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")]
    [InlineData(
        "SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO", "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    public void The_examples_of_RFC_5802_section_5_and_RFC_7677_section_3(string name, string nonce, string first, string final, string signature)
    {
        SaslClientExchange exchange = Mechanism(name).Start(User, Context(nonce));
        Assert.Equal($"n,,n=user,r={nonce}", Say(exchange, ""));
        Assert.Equal(final, Say(exchange, first));
        Assert.NotNull(exchange.Complete());
        Assert.Equal("", Say(exchange, signature));
        Assert.Null(exchange.Complete());
    }

    [Theory]
    [InlineData("r=other1,s=QSXCR+Q6sek8bf92,i=4096", "nonce")]
    [InlineData("r=nonce,s=QSXCR+Q6sek8bf92,i=4096", "nonce")]
    [InlineData("r=nonce1,s=QSXCR+Q6sek8bf92,i=4095", "too few")]
    [InlineData("r=nonce1,s=QSXCR+Q6sek8bf92,i=1000001", "too many")]
    [InlineData("r=nonce1,s=QSXCR+Q6sek8bf92,i=99999999999", "too many")]
    [InlineData("r=nonce1,s=,i=4096", "not one of SCRAM")]
    [InlineData("m=x,r=nonce1,s=QSXCR+Q6sek8bf92,i=4096", "not one of SCRAM")]
    [InlineData("e=unknown-user", "'unknown-user'")]
    [InlineData("", "not one of SCRAM")]
    public void A_bad_first_message_of_the_server_ends_it(string challenge, string reason)
    {
        SaslClientExchange exchange = Mechanism("SCRAM-SHA-256").Start(User, Context("nonce"));
        Say(exchange, "");
        SaslClientStep step = exchange.Respond(Encoding.UTF8.GetBytes(challenge));
        Assert.Equal(SaslClientStepKind.Fail, step.Kind);
        Assert.Contains(reason, step.Reason, StringComparison.Ordinal);
        Assert.NotNull(exchange.Complete());
    }

    [Theory]
    [InlineData("v=AAAA")]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    [InlineData("v=")]
    [InlineData("e=invalid-proof")]
    public void A_server_that_does_not_know_the_password_is_not_believed(string final)
    {
        SaslClientExchange exchange = Mechanism("SCRAM-SHA-256").Start(User, Context("nonce"));
        Say(exchange, "");
        Say(exchange, "r=nonce1,s=QSXCR+Q6sek8bf92,i=4096");
        Assert.Equal(SaslClientStepKind.Fail, exchange.Respond(Encoding.UTF8.GetBytes(final)).Kind);
        Assert.NotNull(exchange.Complete());
    }

    [Fact]
    public void Who_can_bind_says_so_and_does_where_the_server_can()
    {
        SaslClientContext context = Context("nonce") with { ChannelBindings = [Binding], Offered = ["SCRAM-SHA-256", "PLAIN"], IsSecure = true };
        SaslClientMechanism unbound = SaslClientMechanisms.Choose(User, context)!;
        Assert.Equal("SCRAM-SHA-256", unbound.Name);
        Assert.Equal("y,,n=user,r=nonce", Say(unbound.Start(User, context), ""));
        context = context with { Offered = ["SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "PLAIN"] };
        Assert.Equal(["SCRAM-SHA-256-PLUS", "PLAIN"], SaslClientMechanisms.Candidates(User, context).Select(mechanism => mechanism.Name));
        Assert.Equal("p=tls-server-end-point,,n=user,r=nonce", Say(SaslClientMechanisms.Choose(User, context)!.Start(User, context), ""));
        Assert.Equal(SaslClientStepKind.Fail, Mechanism("SCRAM-SHA-256").Start(User, context).Respond([]).Kind);
    }

    [Fact]
    public void A_secret_is_shown_on_a_secure_connection_only()
    {
        SaslClientContext context = Context("nonce") with { Offered = ["PLAIN", "LOGIN", "CRAM-MD5", "OAUTHBEARER", "XOAUTH2"] };
        TokenCredential token = new("user", "token");
        Assert.Null(SaslClientMechanisms.Choose(User, context));
        Assert.Null(SaslClientMechanisms.Choose(token, context));
        Assert.Equal("PLAIN", SaslClientMechanisms.Choose(User, context, allowPlaintext: true)!.Name);
        Assert.Equal("OAUTHBEARER", SaslClientMechanisms.Choose(token, context with { IsSecure = true })!.Name);
    }

    // RFC 9266 section 3 and RFC 5929: what TLS gives does not say in which order.
    [Theory]
    [InlineData("tls-unique tls-server-end-point tls-exporter", "tls-exporter")]
    [InlineData("tls-unique tls-server-end-point", "tls-server-end-point")]
    [InlineData("x-own tls-unique", "tls-unique")]
    [InlineData("x-own x-other", "x-own")]
    public void Of_several_channel_bindings_the_best_is_used_whatever_their_order(string types, string used)
    {
        ChannelBinding[] bindings = [.. types.Split(' ').Select(type => new ChannelBinding(type, Encoding.UTF8.GetBytes($"octets of {type}")))];
        SaslClientContext context = Context("nonce") with { ChannelBindings = bindings, Offered = ["SCRAM-SHA-256-PLUS"], IsSecure = true };
        SaslClientExchange exchange = SaslClientMechanisms.Choose(User, context)!.Start(User, context);
        Assert.Equal($"p={used},,n=user,r=nonce", Say(exchange, ""));
        string final = Say(exchange, "r=nonce1,s=QSXCR+Q6sek8bf92,i=4096");
        string bound = Convert.ToBase64String(Encoding.UTF8.GetBytes($"p={used},,octets of {used}"));
        Assert.StartsWith($"c={bound},r=nonce1,p=", final, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_server_sends_nothing_is_thrown_and_SCRAM_believes_nothing() =>
        Gen.Select(
            Gen.Int[0, SaslClientMechanisms.All.Count - 1].Select(pick => SaslClientMechanisms.All[pick]),
            Gen.OneOf(Gen.Byte.Array[0, 60], Pieces).Array[0, 4]).Sample(
            (mechanism, challenges) =>
            {
                SaslClientExchange exchange = mechanism.Start(User, Context("nonce"));
                if (exchange.HasInitialResponse) exchange.Respond([]);
                foreach (byte[] challenge in challenges) exchange.Respond(challenge);
                return !mechanism.Name.StartsWith("SCRAM", StringComparison.Ordinal) || exchange.Complete() is not null;
            },
            iter: 2000);

    private static string[] Words => ["r=nonce1", ",", "s=AAAA", "i=", "4096", "v=", "e=", "m=", "=", "é", "r=nonce1,s=AAAA,i=4096"];

    private static Gen<byte[]> Pieces => Gen.Int[0, Words.Length - 1].Array[0, 8]
        .Select(picks => Encoding.UTF8.GetBytes(string.Concat(picks.Select(pick => Words[pick]))));

    private static SaslClientMechanism Mechanism(string name) => SaslClientMechanisms.All.Single(mechanism => mechanism.Name == name);

    private static SaslClientContext Context(string nonce) => new() { Host = "mx.example", Port = 587, NewNonce = () => nonce };

    private static string Say(SaslClientExchange exchange, string challenge)
    {
        SaslClientStep step = exchange.Respond(Encoding.UTF8.GetBytes(challenge));
        Assert.Null(step.Reason);
        return Encoding.UTF8.GetString(step.ResponseData.Span);
    }
}
