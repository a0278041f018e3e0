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
}
