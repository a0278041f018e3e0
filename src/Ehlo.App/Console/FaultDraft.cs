using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json.Nodes;
using Ehlo.App.Configuration;
using Ehlo.Testing;

namespace Ehlo.App.Console;

/// <summary>A rule as a person fills it in. What is wrong with it is found by the reader that the configuration and the API have.</summary>
internal sealed class FaultDraft
{
    public FaultStep At { get; set; } = FaultStep.Rcpt;

    public string Hello { get; set; } = "";

    public string Address { get; set; } = "";

    public string Reply { get; set; } = "";

    /// <summary>Seconds; parts of one too.</summary>
    public double? Delay { get; set; }

    public int? Throttle { get; set; }

    public bool Disconnect { get; set; }

    public long? AfterOctets { get; set; }

    public bool FailTls { get; set; }

    public bool Keep { get; set; }

    public int? Times { get; set; }

    /// <summary>Above 0, up to 100; null is always.</summary>
    public double? Percent { get; set; }

    // Kept as it was: the form does not show it.
    private int? _seed;

    public static FaultDraft Of(Fault fault) => new()
    {
        At = fault.Step,
        Hello = fault.Hello ?? "",
        Address = fault.Address ?? "",
        Reply = fault.Answer?.ToString() ?? "",
        Delay = fault.Wait > TimeSpan.Zero ? fault.Wait.TotalSeconds : null,
        Throttle = fault.OctetsPerSecond,
        Disconnect = fault.Disconnects,
        AfterOctets = fault.AfterOctets,
        FailTls = fault.FailsTls,
        Keep = fault.Keeps,
        Times = fault.MaxTimes,
        Percent = fault.Probability < 1 ? fault.Probability * 100 : null,
        _seed = fault.Seed,
    };

    /// <summary>The rule, or null with what is wrong.</summary>
    public Fault? Read(out IReadOnlyList<string> problems)
    {
        List<string> found = [];
        problems = found;
        JsonObject rule = new() { [nameof(At)] = At.ToString() };
        if (Hello.Trim() is { Length: > 0 } hello) rule[nameof(Hello)] = hello;
        if (Address.Trim() is { Length: > 0 } address) rule[nameof(Address)] = address;
        if (Reply.Trim() is { Length: > 0 } reply) rule[nameof(Reply)] = reply;
        if (Delay is { } seconds) rule[nameof(Delay)] = Duration(seconds);
        if (Throttle is { } throttle) rule[nameof(Throttle)] = throttle;
        if (Disconnect) rule[nameof(Disconnect)] = true;
        if (Disconnect && AfterOctets is { } octets) rule[nameof(AfterOctets)] = octets;
        if (FailTls) rule[nameof(FailTls)] = true;
        if (Keep) rule[nameof(Keep)] = true;
        if (Times is { } times) rule[nameof(Times)] = times;
        if (Percent is { } percent) rule["Probability"] = percent / 100;
        if (Percent is not null && _seed is { } seed) rule["Seed"] = seed;
        byte[] body = System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["Faults"] = new JsonArray(rule) }.ToJsonString());
        IReadOnlyList<Fault> faults = FaultsReader.Read(new SectionReader(ConfigurationTree.Parse(body, "The rule", found), "", found));
        // Nobody sees a list here: "Faults[0].Reply: ..." is about the reply.
        for (int i = 0; i < found.Count; i++) found[i] = found[i].Replace("Faults[0].", "", StringComparison.Ordinal);
        return found.Count == 0 && faults is [var fault] ? fault : null;
    }

    // What is no duration is said by the reader.
    private static string Duration(double seconds) => seconds is > 0 and < 1e6
        ? TimeSpan.FromSeconds(seconds).ToString("c", CultureInfo.InvariantCulture)
        : seconds.ToString(CultureInfo.InvariantCulture);
}
