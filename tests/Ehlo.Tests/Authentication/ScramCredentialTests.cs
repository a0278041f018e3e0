using System;
using Ehlo.Sasl;
using Xunit;

namespace Ehlo.Tests.Authentication;

public sealed class ScramCredentialTests
{
    // The keys of RFC 7677 section 3: its proof and its signature are in the transcript.
    private const string OfTheRfc =
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    private static readonly byte[] Salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");

    [Fact]
    public void The_text_is_one_line_of_ASCII_and_comes_back()
    {
        ScramCredential credential = ScramCredential.Create("pencil", Salt, 4096);
        string text = credential.ToString();
        Assert.StartsWith($"v1,{OfTheRfc},SCRAM-SHA-512$4096:", text, StringComparison.Ordinal);
        Assert.Contains(",SCRAM-SHA-1$4096:", text, StringComparison.Ordinal);
        Assert.Matches("^[!-~]{1,1000}$", text);
        Assert.True(ScramCredential.TryParse(text, out ScramCredential? parsed));
        Assert.Equal(text, parsed.ToString());
    }

    [Theory]
    [InlineData(OfTheRfc)]
    [InlineData("v1," + OfTheRfc)]
    public void A_credential_of_one_hash_is_read_with_and_without_the_version(string text)
    {
        Assert.True(ScramCredential.TryParse(text, out ScramCredential? credential));
        Assert.Equal("v1," + OfTheRfc, credential.ToString());
        Assert.True(credential.Verify("pencil"));
        Assert.False(credential.Verify("Pencil"));
        Assert.False(credential.Verify(""));
        Assert.False(credential.Verify("pencil\0"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v1")]
    [InlineData("v1,")]
    [InlineData("v2," + OfTheRfc)]
    [InlineData("v1," + OfTheRfc + "," + OfTheRfc)]
    [InlineData(OfTheRfc + "," + OfTheRfc)]
    [InlineData("v1," + OfTheRfc + ",")]
    [InlineData(OfTheRfc + "=")]
    [InlineData("SCRAM-MD5$4096:W22Z$WG5d:wfPL")]
    [InlineData("SCRAM-SHA-256$4096:W22Z$WG5d:wfPL")]
    public void What_is_no_credential_is_not_read(string? text) => Assert.False(ScramCredential.TryParse(text, out _));

    [Theory]
    [InlineData("4095")]
    [InlineData("10000001")]
    [InlineData("99999999999999999999")]
    [InlineData("-4096")]
    [InlineData(" 4096")]
    public void Iterations_have_bounds(string iterations) =>
        Assert.False(ScramCredential.TryParse(OfTheRfc.Replace("4096", iterations, StringComparison.Ordinal), out _));

    [Fact]
    public void What_cannot_be_made_is_said()
    {
        Assert.Throws<ArgumentException>(() => ScramCredential.Create("", Salt));
        Assert.Throws<ArgumentException>(() => ScramCredential.Create("a\nb", Salt));
        Assert.Throws<ArgumentException>(() => ScramCredential.Create("a", new byte[7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScramCredential.Create("a", Salt, 4095));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScramCredential.Create("a", Salt, 10_000_001));
    }

    [Theory]
    [InlineData("user", "user")]
    [InlineData("a\u00A0b", "a b")]
    [InlineData("a\u00ADb\u200D", "ab")]
    [InlineData("\u00AD", null)]
    [InlineData("", null)]
    [InlineData("a\u0007", null)]
    [InlineData("a\u0085", null)]
    [InlineData("\uD800", null)]
    public void Names_and_passwords_are_prepared(string text, string? prepared)
    {
        Assert.Equal(prepared is not null, ScramCredential.TryPrepare(text, out string? actual));
        Assert.Equal(prepared, actual);
    }

    [Fact]
    public void A_password_is_the_same_however_its_blank_was_typed() =>
        Assert.True(ScramCredential.Create("a\u00A0b", Salt, 4096).Verify("a b"));
}
