using System;
using System.Linq;
using System.Text;
using Ehlo.Sasl;
using Xunit;

namespace Ehlo.Tests;

/// <summary>Names of users reach logs, where a line break would begin a line of the client's own.</summary>
public sealed class SaslNameTests
{
    private static readonly SaslContext Context = new() { ServerName = "mx.example", NewNonce = () => "nonce", FakeSaltKey = new byte[32] };

    [Theory]
    [InlineData("PLAIN", "\0~\0secret")]
    [InlineData("LOGIN", "~")]
    [InlineData("EXTERNAL", "~")]
    [InlineData("CRAM-MD5", "~ 0123456789abcdef0123456789abcdef")]
    [InlineData("XOAUTH2", "user=~\u0001auth=Bearer abc\u0001\u0001")]
    [InlineData("OAUTHBEARER", "n,a=~,\u0001auth=Bearer abc\u0001\u0001")]
    [InlineData("SCRAM-SHA-256", "n,,n=~,r=abcdefgh")]
    public void A_name_has_no_control_character(string mechanism, string response)
    {
        Assert.NotEqual(SaslStepKind.Fail, Kind(mechanism, response.Replace("~", "us er", StringComparison.Ordinal)));
        foreach (string control in new[] { "\n", "\r", "\u001b", "\u007f", "\u0085" })
            Assert.Equal(SaslStepKind.Fail, Kind(mechanism, response.Replace("~", $"us{control}er", StringComparison.Ordinal)));
    }

    private static SaslStepKind Kind(string mechanism, string response)
    {
        SaslExchange exchange = SaslMechanisms.All.Single(each => each.Name == mechanism).Begin(Context);
        exchange.Start();
        return exchange.Respond(Encoding.UTF8.GetBytes(response)).Kind;
    }
}
