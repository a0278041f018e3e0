using Ehlo.App.Mime;
using Xunit;

namespace Ehlo.App.Tests.Mime;

public sealed class PartFileTests
{
    [Theory]
    [InlineData("text/plain; name=a.txt", "a.txt")]
    [InlineData("text/plain; name=\"../../etc/passwd\"", "passwd")]
    [InlineData("text/plain; name=\"C:\\\\Windows\\\\win.ini\"", "win.ini")]
    [InlineData("text/plain; name=\"..\"", "part-0.txt")]
    [InlineData("text/plain; name*=utf-8''a%0D%0Ab%00.txt", "ab.txt")]
    [InlineData("text/plain; name*=utf-8''gpj%E2%80%AEexe.txt", "gpjexe.txt")]
    [InlineData("application/x-unknown", "part-0.bin")]
    public void A_file_name_is_no_path_and_has_nothing_hidden(string type, string name) =>
        Assert.Equal(name, PartFile.NameOf(MimeText.Read($"Content-Type: {type}\n\nx").Parts[0]));

    [Fact]
    public void A_long_name_keeps_its_ending()
    {
        string name = PartFile.NameOf(MimeText.Read($"Content-Type: text/plain; name={new string('x', 300)}.pdf\n\nx").Parts[0]);
        Assert.Equal(120, name.Length);
        Assert.EndsWith(".pdf", name, System.StringComparison.Ordinal);
    }
}
