using System;
using System.Collections.Generic;
using System.Linq;

namespace Ehlo.App.MessageChecks.Dkim;

/// <summary>tag=value pairs with semicolons between them: RFC 6376 section 3.2.</summary>
internal sealed class TagList
{
    // A signature has a dozen.
    private const int MaxTags = 64;

    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    private TagList()
    {
    }

    /// <summary>The value without white space, or null.</summary>
    public string? this[string tag] => _tags.GetValueOrDefault(tag);

    public static TagList Parse(string text)
    {
        var list = new TagList();
        foreach (string pair in text.Split(';', MaxTags))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                list._tags.TryAdd(pair[..equals].Trim(), string.Concat(pair[(equals + 1)..].Where(letter => !char.IsWhiteSpace(letter))));
            }
        }
        return list;
    }
}
