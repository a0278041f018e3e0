using Ehlo.App.Console;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class SendExampleTests
{
    [Theory]
    [InlineData("smtp://127.0.0.1:2525", "--server 127.0.0.1:2525")]
    [InlineData("smtps://*:465", "--server 127.0.0.1:465 --tls-on-connect")]
    [InlineData("smtp+unix:/run/ehlo.sock", "--socket /run/ehlo.sock")]
    [InlineData("lmtp://[::1]:24", "--server [::1]:24 --protocol LMTP")]
    public void The_command_for_swaks_names_the_listener_as_swaks_does(string smtp, string end) =>
        Assert.Equal($"swaks --to you@example.test {end}", SendExample.Swaks(smtp));

    [Theory]
    [InlineData("smtp://*:2525", "smtp://127.0.0.1:2525")]
    [InlineData("lmtp+unix:/run/ehlo.sock", "lmtp+unix:/run/ehlo.sock")]
    public void The_own_command_takes_the_listener_as_it_is(string smtp, string destination) =>
        Assert.Equal($"ehlo send {destination} --to you@example.test --subject Hello", SendExample.Ehlo(smtp));
}
