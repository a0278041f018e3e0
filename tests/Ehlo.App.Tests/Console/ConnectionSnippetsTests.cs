using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Console;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class ConnectionSnippetsTests
{
    [Theory]
    [InlineData("smtp://*:2525", "smtplib.SMTP(\"127.0.0.1\", 2525)")]
    [InlineData("smtps://[::1]:465", "smtplib.SMTP_SSL(\"::1\", 465)")]
    public void A_snippet_names_host_and_port_and_whether_there_is_tls(string smtp, string python)
    {
        IReadOnlyList<ConnectionSnippet> snippets = ConnectionSnippets.Of(smtp);
        Assert.Equal(python, snippets.Single(snippet => snippet.Name == "Python (smtplib)").Text);
    }

    [Theory]
    [InlineData("smtp+unix:/run/ehlo.sock")]
    [InlineData("lmtp://127.0.0.1:24")]
    public void What_those_libraries_cannot_reach_has_none(string smtp) => Assert.Empty(ConnectionSnippets.Of(smtp));
}
