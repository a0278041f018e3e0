using Ehlo.App.Console;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class OctetsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KB")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(102_400, "100 KB")]
    [InlineData(1_048_575, "1 MB")]
    [InlineData(52_428_800, "50 MB")]
    [InlineData(long.MaxValue, "8388608 TB")]
    public void A_size_is_shown_in_the_unit_that_makes_it_short(long octets, string text) => Assert.Equal(text, Octets.Text(octets));
}
