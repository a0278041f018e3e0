using System;
using System.IO;
using System.Net;
using Ehlo.App.Smtp;
using Xunit;

namespace Ehlo.App.Tests.Smtp;

public sealed class ErrorLogTests
{
    [Theory]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1:25")]
    [InlineData("192.0.2.1", "192.0.2.1:25")]
    [InlineData("2001:db8::1", "[2001:db8::1]:25")]
    public void A_peer_is_shown_by_the_address_that_others_know(string address, string shown)
    {
        using StringWriter error = new();
        new ErrorLog(error).ConnectionRefused(new IPEndPoint(IPAddress.Parse(address), 25), "MaxConnections");
        Assert.Equal($"ehlo: connection from {shown} refused by MaxConnections", error.ToString().TrimEnd());
    }

    [Fact]
    public void A_name_that_a_peer_made_up_makes_no_line_of_its_own_and_no_long_one()
    {
        Assert.Equal("", ErrorLog.Quote(null));
        Assert.Equal(" as 'a??ehlo: b'", ErrorLog.Quote("a\r\nehlo: b"));
        Assert.Equal($" as '{new string('a', 80)}'", ErrorLog.Quote(new string('a', 10_000)));
    }
}
