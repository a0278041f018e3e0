using System;
using Ehlo.App.Routing;
using Xunit;

namespace Ehlo.App.Tests.Routing;

public sealed class RouteTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "a@b", true)]
    [InlineData("*@example.org", "A@Example.ORG", true)]
    [InlineData("*@example.org", "a@example.org.evil", false)]
    [InlineData("*@*.example.org", "a@mx.example.org", true)]
    [InlineData("*@*.example.org", "a@example.org", false)]
    [InlineData("postmaster", "Postmaster", true)]
    [InlineData("a*b*c", "abcbc", true)]
    [InlineData("a*b*c", "abcb", false)]
    [InlineData("*ab*", "aab", true)]
    [InlineData("user+*@x", "user+tag@x", true)]
    [InlineData("ü@x", "Ü@x", true)]
    [InlineData("a?b", "axb", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    public void A_glob_matches_the_whole_recipient_without_case(string glob, string recipient, bool matches) =>
        Assert.Equal(matches, Route.IsMatch(glob, recipient));

    [Fact]
    public void A_glob_with_many_stars_takes_no_exponential_time() =>
        Assert.False(Route.IsMatch(string.Concat(System.Linq.Enumerable.Repeat("*a", 100)) + "b", new string('a', 5000)));

    [Fact]
    public void The_first_route_that_matches_wins()
    {
        RouteTable routes = new([
            new Route { Recipient = "*@example.org", Listener = "*:25", To = new Destination.Inbox() },
            new Route { Authenticated = true, To = new Destination.Discard() },
        ]);
        Assert.IsType<Destination.Inbox>(routes.Find("a@example.org", "*:25", true));
        Assert.IsType<Destination.Discard>(routes.Find("a@example.org", "*:587", true));
        Assert.IsType<Destination.Discard>(routes.Find("a@example.com", "*:25", true));
        Assert.Null(routes.Find("a@example.com", "*:25", false));
    }

    [Theory]
    [InlineData("inbox", typeof(Destination.Inbox))]
    [InlineData("Discard", typeof(Destination.Discard))]
    public void A_destination_is_read(string text, Type type) => Assert.IsType(type, Destination.Parse(text, out _));

    [Fact]
    public void A_rejection_is_read() =>
        Assert.Equal(new Destination.Reject(550, "5.1.1", "No such user"), Destination.Parse("reject 550 5.1.1 No such user", out _));

    [Theory]
    [InlineData("")]
    [InlineData("inbox now")]
    [InlineData("drop")]
    [InlineData("relay")]
    [InlineData("lmtp:127.0.0.1:24")]
    [InlineData("reject")]
    [InlineData("reject 550")]
    [InlineData("reject 550 5.1.1")]
    [InlineData("reject 550 5.1.1 ")]
    [InlineData("reject 250 2.1.1 Fine")]
    [InlineData("reject 560 5.1.1 No")]
    [InlineData("reject 550 4.1.1 No")]
    [InlineData("reject 550 5.1 No")]
    [InlineData("reject 550 5.1.1000 No")]
    [InlineData("reject 550 5.1.1 No\r\n250 yes")]
    [InlineData("reject 550 5.1.1 Né")]
    public void A_wrong_destination_is_a_problem_with_a_text(string text)
    {
        Assert.Null(Destination.Parse(text, out string problem));
        Assert.NotEqual("", problem);
    }
}
