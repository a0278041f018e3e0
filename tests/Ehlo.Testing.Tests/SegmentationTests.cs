using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Testing.Tests;

/// <summary>Octets in all segmentations.</summary>
public sealed class SegmentationTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("ab", "ab a|b")]
    [InlineData("abcd", "abcd a|b|c|d a|bcd ab|cd abc|d")]
    public void Each_way_is_there_once(string text, string ways) => Assert.Equal(ways, string.Join(
        ' ', Segmentation.All(Encoding.UTF8.GetBytes(text)).Select(way => string.Join('|', way.Select(part => Encoding.UTF8.GetString(part.Span))))));

    [Fact]
    public async Task A_server_stores_the_same_however_a_message_is_cut()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        TestClient client = await (await server.DialAsync()).BeginAsync();
        foreach (var way in Segmentation.All("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n..x\r\n.\r\n"u8.ToArray()))
        {
            foreach (ReadOnlyMemory<byte> part in way) await client.SendAsync(Encoding.UTF8.GetString(part.Span));
            foreach (string code in new[] { "250", "250", "354", "250" }) await client.ExpectAsync(code);
        }
        Assert.All(server.Messages, message => Assert.Equal(".x\r\n", message.ToText()));
        // Whole, octet by octet, and 45 cuts.
        Assert.Equal(47, server.Messages.Count);
    }
}
