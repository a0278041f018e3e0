using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Ehlo.App.Configuration;

/// <summary>
/// Reads the keys of one object. Each wrong value becomes a problem with its full path and the key's default goes on, so that one start
/// lists all there is; <see cref="RefuseTheRest"/> then names the keys that nobody asked for.
/// </summary>
internal sealed class SectionReader(ConfigurationObject section, string path, List<string> problems)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether something was wrong with one of the keys so far.</summary>
    public bool IsWrong { get; private set; }

    /// <summary>The names of all keys that are there, for an object whose keys are not known beforehand.</summary>
    public IReadOnlyCollection<string> Keys => section.Members.Keys;

    public bool Has(string key) => Take(key) is not null;

    public bool IsNull(string key) => Take(key) is ConfigurationValue { IsNull: true };

    /// <summary>The variable that gave this key, or null. Relative paths in one are from the current folder.</summary>
    public string? VariableOf(string key) => (Take(key) as ConfigurationValue)?.Variable;

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    public void Problem(string key, string text) => Report(PathOf(key), Take(key), text);

    public bool Boolean(string key, bool fallback)
    {
        switch (Take(key))
        {
            case null:
                return fallback;
            case ConfigurationValue { Kind: JsonValueKind.True or JsonValueKind.False } value:
                return value.Kind == JsonValueKind.True;
            case ConfigurationValue { IsUntyped: true } value when bool.TryParse(value.Text, out bool result):
                return result;
            default:
                Problem(key, "must be true or false");
                return fallback;
        }
    }

    public long Integer(string key, long fallback, long least, long greatest)
    {
        ConfigurationNode? node = Take(key);
        if (node is null)
        {
            return fallback;
        }
        bool isNumber = node is ConfigurationValue { Kind: JsonValueKind.Number } or ConfigurationValue { IsUntyped: true };
        if (isNumber
            && long.TryParse(((ConfigurationValue)node).Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long result)
            && result >= least && result <= greatest)
        {
            return result;
        }
        Problem(key, $"must be a whole number from {least} to {greatest}");
        return fallback;
    }

    /// <summary>As <see cref="Integer"/>; null where the key is absent or null.</summary>
    public long? OptionalInteger(string key, long least, long greatest) =>
        !Has(key) || IsNull(key) ? null : Integer(key, least, least, greatest);

    /// <summary>A number above 0, up to 1; null where the key is absent or null.</summary>
    public double? OptionalFraction(string key)
    {
        if (!Has(key) || IsNull(key)) return null;
        if (Take(key) is ConfigurationValue value
            && (value.Kind is JsonValueKind.Number || value.IsUntyped)
            && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double result)
            && result is > 0 and <= 1) return result;
        Problem(key, "must be a number above 0, up to 1");
        return null;
    }

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan least, TimeSpan greatest)
    {
        if (!Has(key))
        {
            return fallback;
        }
        if (TextOf(Take(key)) is { } text
            // A number alone would be days, and is meant as seconds.
            && text.Contains(':')
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan result)
            && result >= least && result <= greatest)
        {
            return result;
        }
        Problem(key, $"must be a time as hours:minutes:seconds, from {least:c} to {greatest:c}");
        return fallback;
    }

    /// <summary>A string that is not empty; null where it is absent or wrong.</summary>
    public string? Text(string key)
    {
        if (!Has(key))
        {
            return null;
        }
        string? text = TextOf(Take(key));
        if (string.IsNullOrEmpty(text))
        {
            Problem(key, text is null ? $"must be a string, not {Take(key)!.Description}" : "must not be empty");
            return null;
        }
        return text;
    }

    /// <summary>A string, which may be empty; null where the key is absent or null.</summary>
    public string? OptionalText(string key)
    {
        if (!Has(key) || IsNull(key)) return null;
        string? text = TextOf(Take(key));
        if (text is null) Problem(key, $"must be a string, not {Take(key)!.Description}");
        return text;
    }

    /// <summary>As <see cref="Text"/>, and absent is a problem too.</summary>
    public string? RequiredText(string key)
    {
        if (!Has(key))
        {
            Problem(key, "is missing");
        }
        return Text(key);
    }

    public T OneOf<T>(string key, T fallback, string allowed) where T : struct, Enum
    {
        if (!Has(key))
        {
            return fallback;
        }
        string? text = TextOf(Take(key));
        if (text is not null && text.All(char.IsAsciiLetter) && Enum.TryParse(text, ignoreCase: true, out T result))
        {
            return result;
        }
        Problem(key, $"must be {allowed}");
        return fallback;
    }

    /// <summary>Null where the key is absent.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        if (Items(key) is not { } items)
        {
            return null;
        }
        List<string> texts = [];
        for (int i = 0; i < items.Count; i++)
        {
            if (TextOf(items[i]) is { Length: > 0 } text)
            {
                texts.Add(text);
            }
            else
            {
                Report($"{PathOf(key)}[{i}]", items[i], "must be a string that is not empty");
            }
        }
        return texts;
    }

    /// <summary>The objects of a list; null where the key is absent.</summary>
    public IReadOnlyList<SectionReader>? Sections(string key)
    {
        if (Items(key) is not { } items)
        {
            return null;
        }
        List<SectionReader> sections = [];
        for (int i = 0; i < items.Count; i++)
        {
            string itemPath = $"{PathOf(key)}[{i}]";
            if (items[i] is ConfigurationObject item)
            {
                sections.Add(new SectionReader(item, itemPath, problems));
            }
            else
            {
                Report(itemPath, items[i], $"must be an object, not {items[i].Description}");
            }
        }
        return sections;
    }

    /// <summary>The object under the key; an empty one where it is absent or wrong.</summary>
    public SectionReader Section(string key)
    {
        ConfigurationNode? node = Take(key);
        if (node is not null and not ConfigurationObject)
        {
            Problem(key, $"must be an object, not {node.Description}");
        }
        return new SectionReader(node as ConfigurationObject ?? new ConfigurationObject(), PathOf(key), problems);
    }

    /// <summary>A list that must be empty in this release.</summary>
    public void RefuseItems(string key, string feature)
    {
        if (Items(key) is { Count: > 0 })
        {
            Problem(key, $"{feature} is not built yet");
        }
    }

    public void RefuseTheRest()
    {
        foreach ((string name, ConfigurationNode node) in section.Members)
        {
            if (!_known.Contains(name))
            {
                Report(PathOf(name), node, "unknown key");
            }
        }
    }

    private static string? TextOf(ConfigurationNode? node) =>
        node is ConfigurationValue { Kind: JsonValueKind.String } value ? value.Text : null;

    private List<ConfigurationNode>? Items(string key)
    {
        ConfigurationNode? node = Take(key);
        if (node is not null and not ConfigurationList)
        {
            Problem(key, $"must be a list, not {node.Description}");
        }
        return (node as ConfigurationList)?.Items;
    }

    private ConfigurationNode? Take(string key)
    {
        _known.Add(key);
        return section.Members.GetValueOrDefault(key);
    }

    private void Report(string at, ConfigurationNode? node, string text)
    {
        IsWrong = true;
        string source = node is ConfigurationValue { Variable: { } variable } ? $" (from {variable})" : "";
        string problem = $"{at}: {text}{source}";
        if (!problems.Contains(problem))
        {
            problems.Add(problem);
        }
    }
}
