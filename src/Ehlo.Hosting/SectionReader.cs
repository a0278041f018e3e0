using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Ehlo.Hosting;

/// <summary>
/// Reads options from a section of the configuration. It does by hand what a binder would do, so that every message names the full path,
/// an unknown key is a mistake and not silence, and nothing is lost to trimming.
/// </summary>
/// <param name="misread">Gets a message for whatever cannot be read.</param>
internal sealed class SectionReader(List<string> misread)
{
    /// <summary>Sees to it that there are no keys but those that are known.</summary>
    public void CheckKeys(IConfigurationSection section, params IEnumerable<string> known)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                misread.Add($"{child.Path}: there is no such setting; there are {string.Join(", ", known)}.");
        }
    }

    /// <summary>Reads a section whose keys are the properties of a type, into one that was just made.</summary>
    // Limits and time-outs are flat lists of values; each property is a key, so that a new one needs no line here.
    public T ReadAll<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(
        IConfigurationSection section, T given, T result) where T : class
    {
        PropertyInfo[] properties = typeof(T).GetProperties();
        CheckKeys(section, [.. properties.Select(property => property.Name)]);
        foreach (PropertyInfo property in properties)
            property.SetValue(result, Convert(section, property.Name, property.PropertyType, property.GetValue(given)));
        return result;
    }

    public T Read<T>(IConfigurationSection section, string key, T given) where T : struct =>
        (T)Convert(section, key, typeof(T), given)!;

    public object? Convert(IConfigurationSection section, string key, Type type, object? given)
    {
        if (section[key] is not { } text) return given;
        if (type == typeof(bool) && bool.TryParse(text, out bool flag)) return flag;
        if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)) return number;
        if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long large)) return large;
        if (type == typeof(double) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)) return real;
        if (type == typeof(TimeSpan) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span)) return span;
        // Enum.TryParse takes any number for a member.
        if (type.IsEnum && !text.Any(char.IsAsciiDigit) && Enum.TryParse(type, text, ignoreCase: true, out object? member)) return member;
        misread.Add($"{section.Path}:{key}: '{text}' is not {WhatIsWanted(type)}.");
        return given;
    }

    private static string WhatIsWanted(Type type)
    {
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(TimeSpan)) return "a time as 00:05:00";
        if (type == typeof(double)) return "a number";
        return type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}" : "a whole number in range";
    }
}
