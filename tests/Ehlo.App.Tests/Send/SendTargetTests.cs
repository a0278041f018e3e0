using System;
using Ehlo.App.Send;
using Ehlo.Client;
using Xunit;

namespace Ehlo.App.Tests.Send;

/// <summary>Destinations as people write them.</summary>
public sealed class SendTargetTests
{
    [Theory]
    [InlineData("mail.example.org", false, "smtp://mail.example.org:25", ClientTls.WhenOffered)]
    [InlineData("mail.example.org", true, "smtp://mail.example.org:587", ClientTls.StartTls)]
    [InlineData("mail.example.org:2525", true, "smtp://mail.example.org:2525", ClientTls.StartTls)]
    [InlineData("smtp://mail.example.org?tls=none", true, "smtp://mail.example.org:587", ClientTls.None)]
    [InlineData("smtps://mail.example.org", true, "smtps://mail.example.org:465", ClientTls.Implicit)]
    [InlineData("localhost:2525", true, "smtp://localhost:2525", ClientTls.WhenOffered)]
    [InlineData("[::1]:2525", false, "smtp://[::1]:2525", ClientTls.WhenOffered)]
    [InlineData("lmtp://mail.example.org:24", false, "lmtp://mail.example.org:24", ClientTls.WhenOffered)]
    [InlineData("lmtp+unix:/run/lmtp", false, "lmtp+unix:/run/lmtp", ClientTls.None)]
    public void Port_and_TLS_follow_from_what_is_said(string text, bool hasCredential, string expected, ClientTls tls)
    {
        SmtpDestination destination = SendTarget.Parse(text).With(null, hasCredential, needsTls: false);
        Assert.Equal(expected, destination.ToString());
        Assert.Equal(tls, destination.Tls);
    }

    [Theory]
    [InlineData("smtp://ann@mail.example.org", "ann", null)]
    [InlineData("ann%40example.org:p%3Aw@mail.example.org:25", "ann@example.org", "p:w")]
    [InlineData("smtp://ann:a@b@mail.example.org/", "ann", "a@b")]
    [InlineData("smtp://mail.example.org", null, null)]
    public void A_user_may_have_a_password_or_none(string text, string? user, string? password)
    {
        SendTarget target = SendTarget.Parse(text);
        Assert.Equal(user, target.User);
        Assert.Equal(password, target.Password);
        Assert.Equal("mail.example.org", target.Destination.Host);
    }

    [Theory]
    [InlineData("ftp://mail.example.org")]
    [InlineData("smtp://u:sesame@")]
    [InlineData("smtp://@mail.example.org")]
    [InlineData("")]
    public void What_is_no_destination_is_refused_without_its_password(string text)
    {
        FormatException exception = Assert.Throws<FormatException>(() => SendTarget.Parse(text));
        Assert.DoesNotContain("sesame", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Implicit_TLS_has_a_port_of_its_own_and_an_authority_requires_TLS()
    {
        Assert.Equal("smtps://mail.example.org:465", SendTarget.Parse("mail.example.org").With(ClientTls.Implicit, true, false).ToString());
        Assert.Equal(ClientTls.StartTls, SendTarget.Parse("localhost").With(null, false, needsTls: true).Tls);
    }
}
