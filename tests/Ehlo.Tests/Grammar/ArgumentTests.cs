using System;
using System.Net;
using System.Text;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Grammar;

/// <summary>
/// What MAIL and RCPT answer to their arguments: what other servers are known to take and should not, or refuse and should not.
/// </summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("MAIL FROM:<>", "250 2.1.0")]
    [InlineData("mail from:<a@b.example>", "250 2.1.0")]
    [InlineData("MAIL FROM:<a@b.example> BODY=8bitmime SIZE=1", "250 2.1.0")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=1 ", "250 2.1.0")]
    [InlineData("MAIL FROM:<\"a b\"@example.com>", "250 2.1.0")]
    [InlineData("MAIL FROM:<Postmaster>", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@b@c>", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@[192.0.2.1>", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@exa!mple>", "501 5.1.7")]
    [InlineData("MAIL FROM:<.a@example.com>", "501 5.1.7")]
    [InlineData("MAIL FROM:<a..b@example.com>", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@b.example>SIZE=1", "501 5.1.7")]
    [InlineData("MAIL FROM <a@b.example>", "501 5.1.7")]
    [InlineData("MAIL", "501 5.1.7")]
    // RFC 6531 section 3.5.
    [InlineData("MAIL FROM:<\u00fc@b.example>", "553 5.6.7")]
    [InlineData("MAIL FROM:<\u00fc@b.example> SMTPUTF8", "250 2.1.0")]
    [InlineData("MAIL FROM:<a@b.example> SMTPUTF8=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<\\xff@b.example> SMTPUTF8", "501 5.1.7")]
    [InlineData("MAIL FROM:<\\xc3@b.example>", "501 5.1.7")]
    // RFC 5321 section 4.1.1.11.
    [InlineData("MAIL FROM:<a@b.example> REQUIRETLS", "555 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> REQUIRETLS=1", "555 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> BY=120;R", "555 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> \u017fIZE=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=1 SIZE=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=1 size=2", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> BODY=7BIT BODY=8BITMIME", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> BODY", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> BODY=9BIT", "501 5.5.4")]
    // RFC 1870 section 3 and RFC 1870 section 6.
    [InlineData("MAIL FROM:<a@b.example> SIZE", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=-1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=1000", "250 2.1.0")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=1001", "552 5.3.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=4294967296", "552 5.3.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=99999999999999999999", "552 5.3.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=100000000000000000000", "501 5.5.4")]
    // RFC 4954 section 5.
    [InlineData("MAIL FROM:<a@b.example> AUTH=<>", "250 2.1.0")]
    [InlineData("MAIL FROM:<a@b.example> AUTH=a+2Bb@c", "250 2.1.0")]
    [InlineData("MAIL FROM:<a@b.example> AUTH=a+zzb", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> AUTH=+0D+0A", "501 5.5.4")]
    public void MAIL(string line, string reply) => Assert.Equal(reply, Last("EHLO client.example", line)[..9]);

    [Theory]
    [InlineData("RCPT TO:<Postmaster>", "250 2.1.5")]
    [InlineData("RCPT TO:<postmaster>", "250 2.1.5")]
    [InlineData("rcpt to:<a@b.example>", "250 2.1.5")]
    [InlineData("RCPT TO:<@x.example,@y.example:a@b.example>", "250 2.1.5")]
    [InlineData("RCPT TO:<>", "501 5.1.3")]
    [InlineData("RCPT TO:<a>", "501 5.1.3")]
    [InlineData("RCPT FROM:<a@b.example>", "501 5.1.3")]
    [InlineData("RCPT TO:<a@b.example> SIZE=1", "555 5.5.4")]
    [InlineData("RCPT TO:<a@b.example> MT-PRIORITY=3", "555 5.5.4")]
    [InlineData("RCPT TO:<\u00fc@b.example>", "553 5.6.7")]
    public void RCPT(string line, string reply) => Assert.Equal(reply, Last("EHLO client.example", "MAIL FROM:<a@b.example>", line)[..9]);

    [Theory]
    [InlineData("MAIL FROM:<a@b.example> SIZE=1", "555 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> BODY=7BIT", "555 5.5.4")]
    [InlineData("MAIL FROM:<\u00fc@b.example>", "501 5.1.7")]
    public void After_HELO_nothing_of_extensions_is_known(string line, string reply) =>
        Assert.Equal(reply, Last("HELO client.example", line)[..9]);

    [Fact]
    public void Parameters_are_looked_at_in_their_order()
    {
        Assert.StartsWith("555 5.5.4 Parameter X ", Last("EHLO c", "MAIL FROM:<> X SIZE=x"), StringComparison.Ordinal);
        Assert.StartsWith("501 5.5.4 Parameter SIZE ", Last("EHLO c", "MAIL FROM:<> SIZE=x X"), StringComparison.Ordinal);
    }

    private static string Last(params string[] lines)
    {
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, 0)) { AllowPlaintextAuthentication = true };
        _ = new SmtpServer(
            new() { ServerName = "mx.example", Listeners = { listener }, Limits = new() { MaxMessageOctets = 1000 } },
            connection => new ScriptedSession(connection, new()));
        SessionHarness harness = new(listener.SessionOptions, new());
        foreach (string line in lines)
        {
            harness.Output.Clear();
            string[] parts = line.Split("\\x");
            harness.Feed(Encoding.UTF8.GetBytes(parts[0]));
            for (int i = 1; i < parts.Length; i++)
            {
                harness.Feed([Convert.ToByte(parts[i][..2], 16)]);
                harness.Feed(Encoding.UTF8.GetBytes(parts[i][2..]));
            }
            harness.Feed("\r\n"u8);
        }
        return Encoding.ASCII.GetString(harness.Output.WrittenSpan);
    }
}
