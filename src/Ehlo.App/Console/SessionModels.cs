using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Text.Json.Serialization;
using Ehlo.App.Sessions;

namespace Ehlo.App.Console;

/// <summary>A connection as the API shows it. The names are the API's contract: they never change, new ones may come.</summary>
internal sealed record SessionModel(
    [property: Description("The id of the connection; messages that came over it have it too.")] string Id,
    bool Open,
    [property: Description("The client's address; empty on a Unix socket.")] string Peer,
    [property: Description("The address that the client came to, or unix: and a path.")] string Listener,
    DateTime OpenedAt,
    [property: Description("Null while it is open.")] DateTime? ClosedAt,
    [property: Description("The name in the hello in force, or null.")] string? Hello,
    [property: Description("\"TLS 1.3\", \"TLS 1.2\", or null.")] string? Tls,
    [property: Description("The name that the client is logged in as, or null.")] string? Identity,
    [property: Description("The reverse-path of the open transaction; empty for the null one, null where none is open.")] string? From,
    [property: Description("Recipients accepted in the open transaction.")] int Recipients,
    [property: Description("Messages accepted so far.")] int Messages,
    [property: Description("Octets of their content.")] long Octets,
    [property: Description("Replies 4yz and 5yz so far.")] int Refusals)
{
    // A DateTime, since its JSON ends with Z; that of a DateTimeOffset ends with +00:00.
    public static SessionModel Of(SessionFacts facts) => new(
        facts.Id, facts.IsOpen, facts.Peer, facts.Listener, facts.OpenedAt.UtcDateTime, facts.ClosedAt?.UtcDateTime, facts.Hello, facts.Tls,
        facts.Identity, facts.From, facts.Recipients, facts.Messages, facts.Octets, facts.Refusals);
}

internal sealed record SessionList(
    [property: Description("How many are open, of which the list may be a part.")] int OpenCount,
    [property: Description("Newest first, at most 500.")] IReadOnlyList<SessionModel> Open,
    [property: Description("The last hundred that were closed, the last first.")] IReadOnlyList<SessionModel> Recent)
{
    public static SessionList Of(SessionLists lists) =>
        new(lists.OpenCount, [.. lists.Open.Select(SessionModel.Of)], [.. lists.Recent.Select(SessionModel.Of)]);
}

internal sealed record SessionDialogue(
    SessionModel Session,
    [property: Description("How many lines from the first on are not kept any more.")] long LeftOut,
    IReadOnlyList<SessionLineModel> Dialogue)
{
    public static SessionDialogue Of(SessionNews news) =>
        new(SessionModel.Of(news.Facts), news.LeftOut, [.. news.Lines.Select(SessionLineModel.Of)]);
}

internal sealed record SessionLineModel(
    [property: Description("From 0 on in a session, without gaps in what was said.")] long Number,
    DateTime At,
    [property: Description("\"client\" or \"server\".")] string From,
    [property: Description("Without its line end; secrets are ***, and what is in brackets happened beside the lines.")] string Line,
    [property: Description("What held then, of \"hello\", \"tls\", \"login\" and \"transaction\".")] IReadOnlyList<string> State)
{
    public static SessionLineModel Of(SessionLine line) =>
        new(line.Number, line.At.UtcDateTime, line.IsClient ? "client" : "server", line.Text, Names(line.State));

    public static IReadOnlyList<string> Names(SessionState state)
    {
        List<string> names = [];
        if (state.HasFlag(SessionState.Hello)) names.Add("hello");
        if (state.HasFlag(SessionState.Tls)) names.Add("tls");
        if (state.HasFlag(SessionState.LoggedIn)) names.Add("login");
        if (state.HasFlag(SessionState.Transaction)) names.Add("transaction");
        return names;
    }
}

internal sealed record TrafficModel(
    [property: Description("Seconds that each point stands for.")] int Seconds,
    [property: Description("Oldest first; the last is still going on.")] IReadOnlyList<TrafficPointModel> Points)
{
    public static TrafficModel Of(int seconds, IEnumerable<TrafficPoint> points) => new(seconds, [.. points.Select(TrafficPointModel.Of)]);
}

internal sealed record TrafficPointModel(
    DateTime At,
    [property: Description("Accepted.")] long Messages,
    [property: Description("Of their content.")] long Octets,
    [property: Description("Replies 4yz and 5yz, by their code.")] IReadOnlyDictionary<string, int> Refusals,
    [property: Description("Milliseconds from the end of the content to the decision on it; null without a message.")] double? MedianMilliseconds,
    [property: Description("Of 99 in 100 messages.")] double? NinetyNinthMilliseconds,
    double? SlowestMilliseconds)
{
    public static TrafficPointModel Of(TrafficPoint point) => new(
        point.At.UtcDateTime,
        point.Messages,
        point.Octets,
        point.Refusals.ToDictionary(pair => pair.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), pair => pair.Value),
        point.Median?.TotalMilliseconds,
        point.NinetyNinth?.TotalMilliseconds,
        point.Slowest?.TotalMilliseconds);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionDialogue))]
[JsonSerializable(typeof(TrafficModel))]
internal sealed partial class SessionsJson : JsonSerializerContext;
