using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Reflection;
using Ehlo.Server;
using Microsoft.Extensions.Configuration;

namespace Ehlo.Hosting;

/// <summary>
/// Reads the options from a section of the configuration. It does by hand what a binder would do, so that every message names the full path,
/// an unknown key is a mistake and not silence, and nothing is lost to trimming.
/// </summary>
internal sealed class OptionsReader(SmtpHostOptions options)
{
    public void Read(IConfigurationSection section)
    {
        options.Path = section.Path;
        CheckKeys(section, nameof(options.ServerName), nameof(options.Listeners), nameof(options.Limits), nameof(options.Timeouts),
            nameof(options.Chunking), nameof(options.BinaryMime), nameof(options.SmtpUtf8),
            nameof(options.RunOnEventLoop));
        options.ServerName = section[nameof(options.ServerName)] ?? options.ServerName;
        options.Chunking = Read(section, nameof(options.Chunking), options.Chunking);
        options.RunOnEventLoop = Read(section, nameof(options.RunOnEventLoop), options.RunOnEventLoop);
        options.BinaryMime = Read(section, nameof(options.BinaryMime), options.BinaryMime);
        options.SmtpUtf8 = Read(section, nameof(options.SmtpUtf8), options.SmtpUtf8);
        options.Limits = ReadAll(section.GetSection(nameof(options.Limits)), options.Limits, new());
        options.Timeouts = ReadAll(section.GetSection(nameof(options.Timeouts)), options.Timeouts, new());
        foreach (IConfigurationSection item in section.GetSection(nameof(options.Listeners)).GetChildren())
            options.Listeners.Add(ReadListener(item));
    }

    private SmtpHostListener ReadListener(IConfigurationSection section)
    {
        SmtpHostListener listener = new();
        CheckKeys(section, nameof(listener.Endpoint), nameof(listener.Tls), nameof(listener.Certificates), nameof(listener.RequireTls),
            nameof(listener.RequireAuthentication), nameof(listener.AllowPlaintextAuthentication));
        listener.Endpoint = section[nameof(listener.Endpoint)] ?? "";
        listener.Tls = Read(section, nameof(listener.Tls), listener.Tls);
        listener.RequireTls = Read(section, nameof(listener.RequireTls), false);
        listener.RequireAuthentication = Read(section, nameof(listener.RequireAuthentication), false);
        listener.AllowPlaintextAuthentication = Read(section, nameof(listener.AllowPlaintextAuthentication), false);
        foreach (IConfigurationSection item in section.GetSection(nameof(listener.Certificates)).GetChildren())
        {
            SmtpHostCertificate certificate = new();
            CheckKeys(item, nameof(certificate.Certificate), nameof(certificate.PrivateKey));
            certificate.Certificate = item[nameof(certificate.Certificate)] ?? "";
            certificate.PrivateKey = item[nameof(certificate.PrivateKey)] ?? "";
            listener.Certificates.Add(certificate);
        }
        return listener;
    }

    // Limits and time-outs are flat lists of values; each property is a key, so that a new one needs no line here.
    private T ReadAll<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(
        IConfigurationSection section, T given, T result) where T : class
    {
        PropertyInfo[] properties = typeof(T).GetProperties();
        CheckKeys(section, [.. properties.Select(property => property.Name)]);
        foreach (PropertyInfo property in properties)
            property.SetValue(result, Convert(section, property.Name, property.PropertyType, property.GetValue(given)));
        return result;
    }

    private T Read<T>(IConfigurationSection section, string key, T given) where T : struct =>
        (T)Convert(section, key, typeof(T), given)!;

    private object? Convert(IConfigurationSection section, string key, Type type, object? given)
    {
        if (section[key] is not { } text) return given;
        if (type == typeof(bool) && bool.TryParse(text, out bool flag)) return flag;
        if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)) return number;
        if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long large)) return large;
        if (type == typeof(TimeSpan) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span)) return span;
        // Enum.TryParse takes any number for a member.
        if (type.IsEnum && !text.Any(char.IsAsciiDigit) && Enum.TryParse(type, text, ignoreCase: true, out object? member)) return member;
        options.Misread.Add($"{section.Path}:{key}: '{text}' is not {WhatIsWanted(type)}.");
        return given;
    }

    private static string WhatIsWanted(Type type)
    {
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(TimeSpan)) return "a time as 00:05:00";
        return type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}" : "a whole number in range";
    }

    private void CheckKeys(IConfigurationSection section, params IEnumerable<string> known)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                options.Misread.Add($"{child.Path}: there is no such setting; there are {string.Join(", ", known)}.");
        }
    }
}
