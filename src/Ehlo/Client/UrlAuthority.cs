using System;
using System.Globalization;

namespace Ehlo.Client;

/// <summary>The part of a URL that says where, and as whom: <c>user:password@host:port</c>.</summary>
internal static class UrlAuthority
{
    /// <summary>The host and its port; an IPv6 address is in brackets.</summary>
    public static string Format(string host, int port) => string.Create(
        CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    /// <summary>The login, which was percent-encoded; null where there is none.</summary>
    /// <exception cref="FormatException">There is a user without a password, or none before it.</exception>
    public static (string User, string Password)? ReadLogin(string userInfo)
    {
        if (userInfo.Length == 0) return null;
        string[] parts = userInfo.Split(':', 2);
        if (parts.Length != 2 || parts[0].Length == 0) throw new FormatException("A user has a password behind a colon.");
        return (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]));
    }
}
