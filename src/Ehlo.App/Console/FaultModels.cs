using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Text.Json.Serialization;
using Ehlo.Testing;

namespace Ehlo.App.Console;

/// <summary>A scripted failure, as the configuration has it too. What is null is left out.</summary>
internal sealed record FaultModel
{
    [Description("Connect, Hello, StartTls, Auth, Mail, Rcpt, Data or Message.")]
    public required string At { get; init; }

    [Description("The client's name; * is any run of characters, ? any one.")]
    public string? Hello { get; init; }

    [Description("The login at Auth, the reverse-path at Mail, the recipient at Rcpt, one of them at Data and Message; with * and ?.")]
    public string? Address { get; init; }

    [Description("What is answered: 4yz or 5yz, as in \"452 4.2.2 Mailbox full\".")]
    public string? Reply { get; init; }

    [Description("The wait before, as hours:minutes:seconds; at most an hour.")]
    public string? Delay { get; init; }

    [Description("At Message: octets of content that are read in a second.")]
    public int? Throttle { get; init; }

    [Description("Whether the connection is dropped without a reply.")]
    public bool? Disconnect { get; init; }

    [Description("At Message, with disconnect: octets of content that are read before.")]
    public long? AfterOctets { get; init; }

    [Description("At StartTls: whether the handshake fails.")]
    public bool? FailTls { get; init; }

    [Description("At Message: whether the message is kept all the same.")]
    public bool? Keep { get; init; }

    [Description("How often at most; every time where it is left out.")]
    public int? Times { get; init; }

    [Description("Above 0, up to 1; 1 where it is left out.")]
    public double? Probability { get; init; }

    [Description("With probability: the same seed gives the same choices.")]
    public int? Seed { get; init; }

    public static FaultModel From(Fault fault) => new()
    {
        At = fault.Step.ToString(),
        Hello = fault.Hello,
        Address = fault.Address,
        Reply = fault.Answer?.ToString(),
        Delay = fault.Wait > TimeSpan.Zero ? fault.Wait.ToString("c") : null,
        Throttle = fault.OctetsPerSecond,
        Disconnect = fault.Disconnects ? true : null,
        AfterOctets = fault.AfterOctets,
        FailTls = fault.FailsTls ? true : null,
        Keep = fault.Keeps ? true : null,
        Times = fault.MaxTimes,
        Probability = fault.Probability < 1 ? fault.Probability : null,
        Seed = fault.Seed,
    };
}

internal sealed record FaultList(
    [property: Description("In the order in which they are tried; at each step the first that matches takes place. At most 100.")]
    IReadOnlyList<FaultModel> Faults)
{
    public static FaultList From(IEnumerable<Fault> faults) => new([.. faults.Select(FaultModel.From)]);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FaultList))]
internal sealed partial class FaultsJson : JsonSerializerContext;
