using Ehlo.App.Configuration;
using Xunit;

namespace Ehlo.App.Tests.Configuration;

public sealed class EndpointAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:2525", true)]
    [InlineData("127.0.0.1:0", true)]
    [InlineData("0.0.0.0:25", false)]
    [InlineData("[::1]:2525", true)]
    [InlineData("[2001:db8::1]:65535", false)]
    [InlineData("*:25", false)]
    [InlineData("localhost:2525", true)]
    [InlineData("unix:/run/ehlo.sock", true)]
    public void An_endpoint_is_written_as_it_is_read(string text, bool isLocal)
    {
        Assert.True(EndpointAddress.TryParse(text, out EndpointAddress? endpoint));
        Assert.Equal(text, endpoint!.ToString());
        Assert.Equal(isLocal, endpoint.IsLocal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2525")]
    [InlineData(":2525")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1: 25")]
    [InlineData("127.1:25")]
    [InlineData("2130706433:25")]
    [InlineData("::1:25")]
    [InlineData("[127.0.0.1]:25")]
    [InlineData("[::1:25")]
    [InlineData("mail.example.org:25")]
    [InlineData("unix:")]
    public void Anything_else_is_refused(string text) => Assert.False(EndpointAddress.TryParse(text, out _));

    [Theory]
    [InlineData("example.org", true)]
    [InlineData("a", true)]
    [InlineData("xn--bcher-kva.example", true)]
    [InlineData("", false)]
    [InlineData("a..b", false)]
    [InlineData("-a.b", false)]
    [InlineData("a_b", false)]
    [InlineData("bücher.example", false)]
    public void A_host_name_is_letters_digits_hyphens_and_dots(string name, bool isValid) => Assert.Equal(isValid, HostName.IsValid(name));

    [Theory]
    [InlineData("[192.0.2.1]", true)]
    [InlineData("[IPv6:2001:db8::1]", true)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("[192.0.2]", false)]
    [InlineData("192.0.2.1", false)]
    public void An_address_literal_is_an_address_in_brackets(string name, bool isLiteral) =>
        Assert.Equal(isLiteral, HostName.IsAddressLiteral(name));
}
