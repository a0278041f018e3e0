using System;
using System.IO;
using System.Linq;
using Ehlo.App.Mime;
using Xunit;

namespace Ehlo.App.Tests.Mime;

public sealed class SafeHtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<body onload=alert(1)>")]
    [InlineData("<a href='javascript:alert(1)'>x</a>")]
    [InlineData("<a href=' java&#10;script:alert(1)'>x</a>")]
    [InlineData("<a href='data:text/html,<script>alert(1)</script>'>x</a>")]
    [InlineData("<a href='vbscript:alert(1)'>x</a>")]
    [InlineData("<form action='https://alert.example/'><input name=x><button formaction='https://alert.example/'>alert</button></form>")]
    [InlineData("<iframe src='https://alert.example/'></iframe>")]
    [InlineData("<iframe srcdoc='<script>alert(1)</script>'></iframe>")]
    [InlineData("<object data='https://alert.example/'></object><embed src='https://alert.example/'>")]
    [InlineData("<meta http-equiv=refresh content='0;url=https://alert.example/'>")]
    [InlineData("<base href='https://alert.example/'>")]
    [InlineData("<link rel=stylesheet href='https://alert.example/'>")]
    [InlineData("<svg><script>alert(1)</script><a xlink:href='javascript:alert(1)'>x</a></svg>")]
    [InlineData("<svg><style><img src=x onerror=alert(1)></style></svg>")]
    [InlineData("<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>")]
    [InlineData("<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>")]
    [InlineData("<template><script>alert(1)</script></template>")]
    [InlineData("<style>a{}</style/><img src=x onerror=alert(1)>")]
    [InlineData("<!--><img src=x onerror=alert(1)>-->")]
    [InlineData("<table background='javascript:alert(1)'>")]
    [InlineData("<video src='https://alert.example/' autoplay></video>")]
    public void What_acts_is_gone(string html)
    {
        string safe = Of(html).Document;
        foreach (string active in new[] { "<script", "onerror=alert", "onload", "javascript:", "vbscript:", "data:text", "action", "<iframe",
            "<object", "<embed", "refresh", "<base", "<link", "<svg", "<form", "<input", "<video", "alert.example", "<template" })
        {
            // In a title it is text; nothing of it may be an attribute or an element.
            Assert.DoesNotContain(active, WithoutTitles(safe), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Looks_stay()
    {
        const string Html = """
            <html><head><style media="screen">@media (max-width:600px){.a > b{color:red}}</style></head>
            <body bgcolor="#eeeeee" style="margin:0"><table width="600" align="center" cellpadding="0"><tr>
            <td class="a" style="mso-line-height-rule:exactly;color:#333">
            <b>x</b><o:p>Outlook</o:p><form><p>in a form</p></form></td></tr></table></body></html>
            """;
        string safe = Of(Html).Document;
        Assert.Contains("<style media=\"screen\">@media (max-width:600px){.a > b{color:red}}</style>", safe, StringComparison.Ordinal);
        Assert.Contains("<body bgcolor=\"#eeeeee\" style=\"margin:0\">", safe, StringComparison.Ordinal);
        Assert.Contains("<table width=\"600\" align=\"center\" cellpadding=\"0\">", safe, StringComparison.Ordinal);
        Assert.Contains("style=\"mso-line-height-rule:exactly;color:#333\"", safe, StringComparison.Ordinal);
        Assert.Contains("<b>x</b>Outlook<p>in a form</p>", safe, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_open_a_window_that_learns_nothing()
    {
        string safe = Of(
            "<a href='https://example.org/a?b=c' target=_top ping='https://alert.example'>x</a><a href='#here'>y</a><a href='/api'>z</a>").Document;
        Assert.Contains("<a href=\"https://example.org/a?b=c\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>", safe,
            StringComparison.Ordinal);
        Assert.Contains("<a href=\"#here\">y</a>", safe, StringComparison.Ordinal);
        Assert.DoesNotContain("ping", safe, StringComparison.Ordinal);
        Assert.DoesNotContain("/api", safe, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_the_message_have_a_marker_that_it_cannot_know()
    {
        SafeHtml safe = Of(
            "<img src='cid:pixel@example.org'><img src='CID:pixel%40example.org'><img src='cid:nowhere'>"
            + "<p style=\"background:url('cid:pixel@example.org')\"><a href='cid:pixel@example.org'>x</a>");
        Assert.Equal(4, safe.Document.Split(safe.Marker + "5;").Length);
        Assert.DoesNotContain("cid:", safe.Document, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(safe.Marker, Of("x").Marker);
    }

    [Theory]
    [InlineData("<img src='https://example.org/a.png'>", true)]
    [InlineData("<td background='http://example.org/a.png'>", false)]
    [InlineData("<table background='http://example.org/a.png'>", true)]
    [InlineData("<p style='background: url(https://example.org/a.png)'>", true)]
    [InlineData("<p style='background: URL( //example.org/a.png )'>", true)]
    [InlineData("<style>@import 'https://example.org/a.css'</style>", true)]
    [InlineData("<style>@import url(https://example.org/a.css) screen;</style>", true)]
    [InlineData("<a href='https://example.org/'>x</a>", false)]
    [InlineData("<img src='data:image/png;base64,AAAA'>", false)]
    public void What_is_elsewhere_is_known_and_stays_when_it_may(string html, bool namesRemoteContent)
    {
        Assert.Equal(namesRemoteContent, Of(html).NamesRemoteContent);
        if (namesRemoteContent)
        {
            Assert.DoesNotContain("example.org", Of(html).Document, StringComparison.Ordinal);
            Assert.Contains("example.org", Of(html, isRemoteAllowed: true).Document, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_dark_theme_of_the_message_stays_known() =>
        Assert.Contains(
            "<meta name=\"color-scheme\" content=\"light dark\">",
            Of("<meta name='color-scheme' content='light dark &quot;x'>").Document,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("<div>", 400_000)]
    [InlineData("<b><p>", 100_000)]
    [InlineData("<p><font size={0}>x", 30_000)]
    [InlineData("<font size={0}>", 40_000)]
    [InlineData("<svg><g>", 200_000)]
    [InlineData("<template>", 100_000)]
    [InlineData("<p>x", 100_000)]
    public void What_would_take_too_much_is_refused(string part, int times)
    {
        string html = string.Concat(Enumerable.Range(0, times).Select(i => part.Replace("{0}", $"{i}", StringComparison.Ordinal)));
        Assert.Throws<InvalidDataException>(() => Of(html));
    }

    [Fact]
    public void Formatting_that_each_paragraph_would_make_anew_is_refused()
    {
        string open = string.Concat(Enumerable.Range(0, 200).Select(i => $"<font size={i}>"));
        Assert.Throws<InvalidDataException>(() => Of($"<p>{open}</p>{string.Concat(Enumerable.Repeat("<p>x</p>", 2000))}"));
    }

    private static SafeHtml Of(string html, bool isRemoteAllowed = false) =>
        SafeHtml.Of(html, MimeText.Read(MimeText.Newsletter), isRemoteAllowed, default);

    private static string WithoutTitles(string html) =>
        string.Concat(html.Split("title=\"").Select((part, i) => i == 0 ? part : part[part.IndexOf('"', StringComparison.Ordinal)..]));
}
