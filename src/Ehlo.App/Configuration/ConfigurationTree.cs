using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Ehlo.App.Configuration;

/// <summary>Builds the tree of what the file and the environment say, before anything is known about keys.</summary>
internal static class ConfigurationTree
{
    public const string EnvironmentPrefix = "EHLO__";

    // The file is written by hand; a megabyte is a thousand times a long one and stops a mistaken path from filling memory.
    private const int MaxFileOctets = 1 << 20;

    // The deepest key is Listeners[0].Certificates[0].Certificate; eight levels leave room and bound the recursion.
    private const int MaxDepth = 8;

    // A list in the environment grows by its index; the limit makes a mistyped index a message.
    private const int MaxListItems = 1000;

    /// <exception cref="ConfigurationException">The file cannot be read, or is not one JSON object.</exception>
    public static ConfigurationObject ReadFile(string path, List<string> problems)
    {
        byte[] octets;
        try
        {
            if (new FileInfo(path).Length > MaxFileOctets)
            {
                throw new ConfigurationException($"{path}: larger than {MaxFileOctets} octets");
            }
            octets = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: {exception.Message}");
        }
        return Parse(octets, path, problems);
    }

    /// <exception cref="ConfigurationException">The text is not one JSON object.</exception>
    public static ConfigurationObject Parse(ReadOnlyMemory<byte> utf8, string path, List<string> problems)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        if (utf8.Span.StartsWith(byteOrderMark))
        {
            utf8 = utf8[byteOrderMark.Length..];
        }
        JsonDocumentOptions options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth };
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, options);
            return Convert(document.RootElement, "", problems) as ConfigurationObject
                ?? throw new ConfigurationException($"{path}: must be one JSON object");
        }
        catch (JsonException exception) when (exception.LineNumber is { } line)
        {
            // Its own message ends with the place, counted from zero.
            string reason = exception.Message.Split(" LineNumber:")[0];
            throw new ConfigurationException($"{path}: line {line + 1}: {reason}");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not UTF-8.
            throw new ConfigurationException($"{path}: {exception.Message}");
        }
    }

    /// <summary>Lays the variables that begin with EHLO__ over the tree.</summary>
    public static void Overlay(ConfigurationObject root, IDictionary environment, List<string> problems)
    {
        List<(string[] Segments, ConfigurationValue Value)> variables = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in environment)
        {
            if (entry.Key is not string name || !name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            string[] segments = name[EnvironmentPrefix.Length..].Split("__");
            if (segments.Length > MaxDepth || segments.Any(s => s.Length == 0))
            {
                problems.Add($"{name}: names no key");
            }
            else if (!seen.Add(name))
            {
                problems.Add($"{name}: given twice, in different case");
            }
            else
            {
                variables.Add((segments, new ConfigurationValue(JsonValueKind.String, entry.Value as string ?? "", name)));
            }
        }
        // The environment has no order; a list must grow from its start, so index 2 goes before 10.
        variables.Sort((a, b) => Compare(a.Segments, b.Segments));
        foreach ((string[] segments, ConfigurationValue value) in variables)
        {
            Place(root, segments, value, problems);
        }
    }

    private static int Compare(string[] left, string[] right)
    {
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            int order = IsIndex(left[i], out int a) && IsIndex(right[i], out int b)
                ? a.CompareTo(b)
                : string.Compare(left[i], right[i], StringComparison.OrdinalIgnoreCase);
            if (order != 0)
            {
                return order;
            }
        }
        return left.Length.CompareTo(right.Length);
    }

    private static ConfigurationNode Convert(JsonElement element, string path, List<string> problems)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                ConfigurationObject members = new();
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    string memberPath = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                    if (!members.Members.TryAdd(property.Name, Convert(property.Value, memberPath, problems)))
                    {
                        problems.Add($"{memberPath}: given twice");
                    }
                }
                return members;
            case JsonValueKind.Array:
                ConfigurationList list = new();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    list.Items.Add(Convert(item, $"{path}[{list.Items.Count}]", problems));
                }
                return list;
            case JsonValueKind.String:
                return new ConfigurationValue(JsonValueKind.String, element.GetString()!);
            default:
                return new ConfigurationValue(element.ValueKind, element.GetRawText());
        }
    }

    private static void Place(ConfigurationNode node, ReadOnlySpan<string> segments, ConfigurationValue value, List<string> problems)
    {
        string segment = segments[0];
        ConfigurationNode fresh = segments.Length == 1 ? value
            : IsIndex(segments[1], out _) ? new ConfigurationList()
            : new ConfigurationObject();
        ConfigurationNode child;
        if (node is ConfigurationObject members)
        {
            child = members.Members.GetValueOrDefault(segment) ?? fresh;
            child = Fits(child, fresh) ? child : fresh;
            members.Members[segment] = child;
        }
        else if (node is ConfigurationList list && IsIndex(segment, out int index) && index <= list.Items.Count && index < MaxListItems)
        {
            if (index == list.Items.Count)
            {
                list.Items.Add(fresh);
            }
            child = Fits(list.Items[index], fresh) ? list.Items[index] : fresh;
            list.Items[index] = child;
        }
        else
        {
            problems.Add($"{value.Variable}: \"{segment}\" is not an index of the list or the next after its end");
            return;
        }
        if (segments.Length > 1)
        {
            Place(child, segments[1..], value, problems);
        }
    }

    // A value never stays where the environment gives one; an object or a list of the file is entered.
    private static bool Fits(ConfigurationNode existing, ConfigurationNode fresh) =>
        fresh is not ConfigurationValue && existing.GetType() == fresh.GetType();

    private static bool IsIndex(string segment, out int index) =>
        int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
