using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;
using MimeKit.Text;

namespace Ehlo.App.Mime;

/// <summary>
/// The HTML of a message without what acts: scripts, forms, frames, refreshes, handlers, addresses that run. It is the second wall; the
/// first is the frame it is shown in, which runs nothing whatever it holds. So styles stay as they were sent: in such a frame they can do
/// no more than look bad.
/// </summary>
internal sealed partial class SafeHtml
{
    // Newsletters have up to 5,000.
    private const int MaxElements = 50_000;

    // Browsers stop at 512. What walks the tree calls itself.
    private const int MaxDepth = 256;

    // Open at one time, counted before the tree is made: what makes it takes for each element the time of those that are open.
    private const int MaxOpen = 512;

    // An open formatting element may be made anew in each paragraph: 30 KB can ask for a million elements. As many as this at the most.
    private const int MaxReopened = 250_000;

    private static readonly FrozenNames Formatting = new(
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u");

    private static readonly FrozenNames Dropped = new(
        "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "svg", "math", "template", "title", "meta", "base",
        "link", "input", "select", "textarea", "audio", "video", "canvas", "portal", "fencedframe", "noembed", "noframes", "xml", "keygen",
        "datalist", "source", "track", "param", "plaintext", "xmp", "listing", "dialog", "slot");

    // Those that have no end tag, or are ended by the next of their kind.
    private static readonly FrozenNames Unclosed = new(
        "p", "li", "td", "th", "tr", "dt", "dd", "tbody", "thead", "tfoot", "colgroup", "col", "br", "img", "hr", "input", "meta", "link",
        "area", "wbr", "base", "embed", "source", "track", "param");

    private static readonly FrozenNames Kept = new(
        "html", "head", "body", "a", "abbr", "acronym", "address", "area", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br",
        "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "dir", "div", "dl", "dt", "em", "figcaption",
        "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "map", "mark",
        "menu", "meter", "nav", "nobr", "ol", "p", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike",
        "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr", "style");

    private readonly StoredMime _mime;
    private readonly bool _isRemoteAllowed;
    private readonly string _marker = $"cid-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}-";
    private readonly Dictionary<IElement, string> _styles = [];
    private readonly List<IElement> _sheets = [];

    private SafeHtml(StoredMime mime, bool isRemoteAllowed) => (_mime, _isRemoteAllowed) = (mime, isRemoteAllowed);

    /// <summary>A whole document. Where an image of the message belongs stands its marker: <see cref="Marker"/>, its number, a semicolon.</summary>
    public string Document { get; private set; } = "";

    public string Marker => _marker;

    /// <summary>Whether the message names something elsewhere that a browser would fetch to show it.</summary>
    public bool NamesRemoteContent { get; private set; }

    /// <param name="isRemoteAllowed">Whether addresses elsewhere stay; else a browser is not even made to refuse them.</param>
    /// <exception cref="InvalidDataException">It would take too much to show; the message says what.</exception>
    public static SafeHtml Of(string html, StoredMime mime, bool isRemoteAllowed, CancellationToken cancellationToken)
    {
        var safe = new SafeHtml(mime, isRemoteAllowed);
        IHtmlDocument document = Parse(html, cancellationToken);
        safe.Clean(document);
        var writer = new StringWriter(CultureInfo.InvariantCulture);
        writer.Write("<!DOCTYPE html>");
        document.DocumentElement.ToHtml(writer, HtmlMarkupFormatter.Instance);
        safe.Document = writer.ToString();
        return safe;
    }

    private static IHtmlDocument Parse(string html, CancellationToken cancellationToken)
    {
        CheckNesting(html);
        int elements = 0;
        var parser = new HtmlParser(new HtmlParserOptions
        {
            // As in the frame: what stands in noscript is shown.
            IsScripting = false,
            MaximumDepth = MaxDepth,
            SkipComments = true,
            OnCreated = (_, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (++elements > MaxElements)
                {
                    throw new InvalidDataException($"It has more than {MaxElements} elements.");
                }
            },
        });
        return parser.ParseDocument(html);
    }

    /// <summary>Counts what would be open, without a tree.</summary>
    private static void CheckNesting(string html)
    {
        var tokens = new MimeKit.Text.HtmlTokenizer(new StringReader(html));
        var open = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        int all = 0;
        int formatting = 0;
        int again = 0;
        while (tokens.ReadNextToken(out HtmlToken? token))
        {
            if (token is not HtmlTagToken tag)
            {
                continue;
            }
            string name = tag.Name.ToLowerInvariant();
            int step = Unclosed.Contains(name) ? 0 : !tag.IsEndTag ? 1 : open.GetValueOrDefault(name) > 0 ? -1 : 0;
            open[name] = open.GetValueOrDefault(name) + step;
            all += step;
            formatting += Formatting.Contains(name) ? step : 0;
            again += formatting;
            if (all > MaxOpen || again > MaxReopened)
            {
                throw new InvalidDataException("It opens too many elements without closing them.");
            }
        }
    }

    private void Clean(IHtmlDocument document)
    {
        string? schemes = ColorScheme(document);
        foreach (IElement element in document.All.ToArray())
        {
            Prepare(element);
        }
        Sanitizer().SanitizeDom(document, (IHtmlElement)document.DocumentElement);
        foreach ((IElement element, string style) in _styles)
        {
            element.SetAttribute("style", Css(style));
        }
        IElement head = document.Head!;
        head.InnerHtml = "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">";
        if (schemes is not null)
        {
            IElement meta = document.CreateElement("meta");
            meta.SetAttribute("name", "color-scheme");
            meta.SetAttribute("content", schemes);
            head.AppendChild(meta);
        }
        foreach (IElement sheet in _sheets)
        {
            IElement style = document.CreateElement("style");
            style.TextContent = Css(sheet.TextContent);
            if (sheet.GetAttribute("media") is { } media)
            {
                style.SetAttribute("media", media);
            }
            head.AppendChild(style);
        }
    }

    // Says that the message knows a dark theme of its own. The words are from a list, so nothing else gets through.
    private static string? ColorScheme(IHtmlDocument document) => document.QuerySelectorAll("meta")
        .Where(meta => meta.GetAttribute("name")?.ToLowerInvariant() is "color-scheme" or "supported-color-schemes")
        .Select(meta =>
            string.Join(' ', (meta.GetAttribute("content") ?? "").ToLowerInvariant().Split(' ').Where(word => word is "light" or "dark" or "only")))
        .FirstOrDefault(words => words.Length > 0);

    private void Prepare(IElement element)
    {
        string name = element.LocalName.ToLowerInvariant();
        if (name == "style" && element.NamespaceUri == NamespaceNames.HtmlUri && !element.TextContent.Contains("</", StringComparison.Ordinal))
        {
            _sheets.Add(element);
        }
        if (element.Parent is null)
        {
            return;
        }
        if (Dropped.Contains(name) || element.NamespaceUri != NamespaceNames.HtmlUri)
        {
            element.Remove();
            return;
        }
        if (!Kept.Contains(name))
        {
            // Forms, buttons and names that nobody knows, such as Outlook's o:p: their content is the message's.
            element.Replace([.. element.ChildNodes]);
            return;
        }
        if (element.GetAttribute("style") is { } style)
        {
            _styles.Add(element, style);
            element.RemoveAttribute("style");
        }
        if (name is "a" or "area")
        {
            PrepareLink(element);
        }
    }

    // A link within the message stays in it; every other opens a window of its own, which learns nothing of where it came from.
    private static void PrepareLink(IElement link)
    {
        string address = link.GetAttribute("href")?.Trim() ?? "";
        link.RemoveAttribute("target");
        link.RemoveAttribute("ping");
        if (!address.StartsWith('#'))
        {
            link.SetAttribute("target", "_blank");
            link.SetAttribute("rel", "noopener noreferrer nofollow");
        }
    }

    private HtmlSanitizer Sanitizer()
    {
        var sanitizer = new HtmlSanitizer { AllowDataAttributes = false };
        sanitizer.AllowedTags.Clear();
        sanitizer.AllowedTags.UnionWith(Kept.Names);
        sanitizer.AllowedTags.Remove("style");
        sanitizer.AllowedAttributes.UnionWith(["class", "id", "dir", "bgcolor", "background", "text", "link", "vlink", "alink", "face", "role"]);
        sanitizer.AllowedAttributes.ExceptWith(
            ["style", "action", "method", "enctype", "autofocus", "accesskey", "contenteditable", "draggable", "dropzone"]);
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.UnionWith(["http", "https", "mailto", "tel", "cid", "data"]);
        sanitizer.UriAttributes.Add("background");
        sanitizer.FilterUrl += (_, filter) => filter.SanitizedUrl = Address(filter.Tag, filter.OriginalUrl.Trim(), filter.SanitizedUrl);
        return sanitizer;
    }

    private string? Address(IElement element, string original, string? sanitized)
    {
        bool isLink = element.LocalName.ToLowerInvariant() is "a" or "area";
        if (original.StartsWith('#'))
        {
            return original;
        }
        if (original.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
        {
            return isLink ? null : Inline(original[4..]);
        }
        if (original.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return !isLink && original.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) ? original : null;
        }
        bool isRemote = original.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
            || original.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        NamesRemoteContent |= isRemote && !isLink;
        if (isRemote && !isLink && !_isRemoteAllowed)
        {
            return null;
        }
        // A relative address would be one of this server.
        return isRemote || (isLink && (original.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
            || original.StartsWith("tel:", StringComparison.OrdinalIgnoreCase)))
            ? sanitized
            : null;
    }

    // RFC 2392 section 2: a cid: address is the Content-ID of a part, with its reserved letters as %XX.
    private string? Inline(string contentId) =>
        _mime.FindByContentId(Uri.UnescapeDataString(contentId)) is { } part
            ? string.Create(CultureInfo.InvariantCulture, $"{_marker}{part.Number};") : null;

    private string Css(string css)
    {
        if (RemoteInCss().IsMatch(css))
        {
            NamesRemoteContent = true;
            css = _isRemoteAllowed ? css : RemoteInCss().Replace(css, match => match.Value.StartsWith('@') ? "" : "none");
        }
        return CidInCss().Replace(css, match => Inline(match.Groups[1].Value) is { } inline ? $"url(\"{inline}\")" : "none");
    }

    [GeneratedRegex("""url\(\s*["']?cid:([^"')\s]+)["']?\s*\)""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex CidInCss();

    [GeneratedRegex(
        """@import\s+(url\(\s*)?["']?(https?:)?//[^;]*;?|url\(\s*["']?(https?:)?//[^)]*\)""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex RemoteInCss();

    /// <summary>Names of elements.</summary>
    private sealed class FrozenNames(params string[] names)
    {
        private readonly HashSet<string> _names = [.. names];

        public IEnumerable<string> Names => _names;

        public bool Contains(string name) => _names.Contains(name);
    }
}
