using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.Testing;

namespace Ehlo.App.Configuration;

/// <summary>Reads the failures that are scripted, of the file and of the API: both have the same key with the same form.</summary>
internal static class FaultsReader
{
    // Each step of each session goes through them: a hundred cost it microseconds, and are more than anybody keeps in mind.
    public const int MaxFaults = 100;

    private const string Key = "Faults";

    public static IReadOnlyList<Fault> Read(SectionReader root)
    {
        IReadOnlyList<SectionReader> sections = root.Sections(Key) ?? [];
        if (sections.Count > MaxFaults)
        {
            root.Problem(Key, $"must hold at most {MaxFaults} faults");
            return [];
        }
        return [.. sections.Select(ReadFault).OfType<Fault>()];
    }

    private static Fault? ReadFault(SectionReader section)
    {
        if (!section.Has("At"))
        {
            section.Problem("At", "is missing");
            return null;
        }
        const FaultStep None = (FaultStep)byte.MaxValue;
        FaultStep step = section.OneOf("At", None, string.Join(", ", Enum.GetNames<FaultStep>()[..^1]) + $" or {Enum.GetNames<FaultStep>()[^1]}");
        if (step is None)
        {
            return null;
        }
        Draft draft = new(section, Fault.At(step));
        draft.Set("Hello", section.Text("Hello"), static (fault, hello) => fault.ForHello(hello));
        draft.Set("Address", section.OptionalText("Address"), static (fault, address) => fault.For(address));
        draft.Set("Throttle", section.OptionalInteger("Throttle", 1, int.MaxValue), static (fault, rate) => fault.Throttle((int)rate));
        draft.Set("Keep", section.Boolean("Keep", false), static fault => fault.Keep());
        draft.Set("Reply", section.Text("Reply"), static (fault, reply) => fault.Reply(reply));
        draft.Set("Disconnect", section.Boolean("Disconnect", false), static fault => fault.Disconnect());
        if (section.OptionalInteger("AfterOctets", 0, long.MaxValue) is { } octets)
        {
            if (!section.Boolean("Disconnect", false)) section.Problem("AfterOctets", "needs Disconnect");
            else draft.Set<long>("AfterOctets", octets, static (fault, octets) => fault.DisconnectAfter(octets));
        }
        draft.Set("FailTls", section.Boolean("FailTls", false), static fault => fault.FailTls());
        TimeSpan delay = section.Duration("Delay", TimeSpan.Zero, TimeSpan.FromMilliseconds(1), Fault.MaxWait);
        draft.Set("Delay", delay > TimeSpan.Zero ? delay : (TimeSpan?)null, static (fault, delay) => fault.Delay(delay));
        draft.Set("Times", section.OptionalInteger("Times", 1, int.MaxValue), static (fault, times) => fault.Times((int)times));
        SetChance(section, draft);
        section.RefuseTheRest();
        return section.IsWrong ? null : draft.Complete();
    }

    private static void SetChance(SectionReader section, Draft draft)
    {
        double? probability = section.OptionalFraction("Probability");
        long? seed = section.OptionalInteger("Seed", int.MinValue, int.MaxValue);
        if (seed is not null && !section.Has("Probability")) section.Problem("Seed", "needs Probability");
        else if (seed is { } given) draft.Set("Probability", probability, (fault, chance) => fault.WithProbability(chance, (int)given));
        else draft.Set("Probability", probability, static (fault, chance) => fault.WithProbability(chance));
    }

    /// <summary>A fault in the making. What it refuses becomes a problem of the key that asked for it.</summary>
    private sealed class Draft(SectionReader section, Fault fault)
    {
        private Fault _fault = fault;

        public void Set(string key, bool value, Func<Fault, Fault> set)
        {
            if (value) Apply(key, set);
        }

        public void Set<T>(string key, T? value, Func<Fault, T, Fault> set)
            where T : struct
        {
            if (value is { } given) Apply(key, fault => set(fault, given));
        }

        public void Set(string key, string? value, Func<Fault, string, Fault> set)
        {
            if (value is not null) Apply(key, fault => set(fault, value));
        }

        /// <returns>Null where it would do nothing.</returns>
        public Fault? Complete()
        {
            if (_fault.WhyIncomplete is not { } reason) return _fault;
            section.Problem("At", reason);
            return null;
        }

        private void Apply(string key, Func<Fault, Fault> set)
        {
            try
            {
                _fault = set(_fault);
            }
            catch (Exception exception) when (exception is InvalidOperationException or FormatException)
            {
                // A sentence; problems are none.
                section.Problem(key, $"{char.ToLowerInvariant(exception.Message[0])}{exception.Message.AsSpan(1).TrimEnd('.')}");
            }
        }
    }
}
