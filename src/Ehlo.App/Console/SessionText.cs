using System;
using System.Collections.Generic;
using System.Globalization;
using Ehlo.App.Sessions;

namespace Ehlo.App.Console;

/// <summary>Sessions in words.</summary>
internal static class SessionText
{
    /// <summary>The address, and what the client calls itself.</summary>
    public static string Client(SessionFacts facts)
    {
        string peer = facts.Peer.Length == 0 ? "Unix socket" : facts.Peer;
        return facts.Hello is null ? peer : $"{facts.Hello} ({peer})";
    }

    /// <summary>What it is doing, or how long it took.</summary>
    public static string Now(SessionFacts facts)
    {
        if (facts.ClosedAt is { } closed) return $"closed after {Duration(closed - facts.OpenedAt)}";
        List<string> parts = [];
        if (facts.Tls is not null) parts.Add(facts.Tls);
        if (facts.Identity is not null) parts.Add($"logged in as {facts.Identity}");
        if (facts.From is { } from) parts.Add($"a message from <{from}> to {Recipients(facts.Recipients)}");
        return parts.Count == 0 ? "waiting" : string.Join(", ", parts);
    }

    public static string Recipients(int count) => count switch
    {
        0 => "nobody yet",
        1 => "1 recipient",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count:N0} recipients"),
    };

    /// <summary>What held at a line, in the order in which it comes about.</summary>
    public static string State(SessionState state)
    {
        List<string> names = [];
        if (state.HasFlag(SessionState.Tls)) names.Add("TLS");
        if (state.HasFlag(SessionState.Hello)) names.Add("hello");
        if (state.HasFlag(SessionState.LoggedIn)) names.Add("login");
        if (state.HasFlag(SessionState.Transaction)) names.Add("transaction");
        return names.Count == 0 ? "connected" : string.Join(" · ", names);
    }

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1 } => "under 1 ms",
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
