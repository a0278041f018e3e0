using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Ehlo.App.Configuration;

/// <summary>One value of the merged configuration: the file's, or the environment's where it gives one.</summary>
internal abstract class ConfigurationNode
{
    /// <summary>What a message calls this kind of value.</summary>
    public abstract string Description { get; }
}

/// <summary>Names are compared without case, as the environment's are; the first spelling is kept for messages.</summary>
internal sealed class ConfigurationObject : ConfigurationNode
{
    public Dictionary<string, ConfigurationNode> Members { get; } = new(StringComparer.OrdinalIgnoreCase);

    public override string Description => "an object";
}

internal sealed class ConfigurationList : ConfigurationNode
{
    public List<ConfigurationNode> Items { get; } = [];

    public override string Description => "a list";
}

/// <summary>A value that is neither object nor list.</summary>
/// <param name="kind">String, Number, True, False or Null. What the environment gives is a String until its reader says otherwise.</param>
/// <param name="variable">The environment variable that gave the value; null for the file.</param>
internal sealed class ConfigurationValue(JsonValueKind kind, string text, string? variable = null) : ConfigurationNode
{
    public JsonValueKind Kind { get; } = kind;

    public string Text { get; } = text;

    public string? Variable { get; } = variable;

    /// <summary>The environment has no types: its text stands for a number, a boolean or null where one is asked for.</summary>
    public bool IsUntyped => Variable is not null;

    public bool IsNull => Kind == JsonValueKind.Null || (IsUntyped && Text.Equals("null", StringComparison.OrdinalIgnoreCase));

    // A string may be a password, so a message never repeats one here; readers of harmless keys quote the text themselves.
    public override string Description => Kind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "a string",
    };
}
