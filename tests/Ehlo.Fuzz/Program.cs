using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Ehlo.Fuzz;
using SharpFuzz;

// Ehlo.Fuzz list                         the targets, a line each
// Ehlo.Fuzz corpus FOLDER                their first inputs, in FOLDER/TARGET
// Ehlo.Fuzz check SEED COUNT FOLDER      the first inputs and COUNT mutations of them for each target; bad ones are kept in FOLDER
// Ehlo.Fuzz run TARGET                   under AFL++, with Ehlo.dll instrumented; TARGET may be Planted
// Ehlo.Fuzz replay TARGET FILE...        inputs once more, with what goes wrong
// Ehlo.Fuzz instrument ASSEMBLY          in place; not the one that this program has loaded
FuzzTarget[] targets = [.. typeof(FuzzTarget).Assembly.GetTypes()
    .Where(type => type.IsSubclassOf(typeof(FuzzTarget)) && !type.IsAbstract)
    .OrderBy(type => type.Name, StringComparer.Ordinal)
    .Select(type => (FuzzTarget)Activator.CreateInstance(type)!)];
FuzzTarget Target(string name) =>
    targets.SingleOrDefault(target => target.Name == name) ?? throw new ArgumentException($"There is no target {name}.");

switch (args)
{
    case ["list"]:
        foreach (FuzzTarget target in targets) Console.WriteLine(target.Name);
        return 0;
    case ["corpus", var folder]:
        WriteCorpus(folder);
        return 0;
    case ["check", var seed, var count, var folder]:
        return Check(int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture), folder);
    case ["run", var name]:
        FuzzTarget? one = name == Planted.Name ? null : Target(name);
        Fuzzer.Run(stream =>
        {
            byte[] input = ReadAll(stream);
            if (one is null) Planted.Run(input);
            else one.Run(input);
        });
        return 0;
    case ["replay", var name, .. var files]:
        bool[] fails = [.. files.Select(file => Fails(Target(name), File.ReadAllBytes(file), file))];
        return fails.Contains(true) ? 1 : 0;
    case ["instrument", var assembly]:
        int types = Fuzzer.Instrument(assembly, type => type.StartsWith("Ehlo.", StringComparison.Ordinal), Options.Value).Count();
        Console.WriteLine($"{types} types instrumented");
        return types > 0 ? 0 : 1;
    default:
        Console.Error.WriteLine(
            "Arguments: list | corpus FOLDER | check SEED COUNT FOLDER | run TARGET | replay TARGET FILE... | instrument ASSEMBLY");
        return 2;
}

static byte[] ReadAll(Stream stream)
{
    using MemoryStream octets = new();
    stream.CopyTo(octets);
    return octets.ToArray();
}

static bool Fails(FuzzTarget target, byte[] input, string name)
{
    try
    {
        target.Run(input);
        return false;
    }
    catch (Exception exception)
    {
        // A fault of any kind is what is looked for; the next input may show another.
        Console.WriteLine($"{target.Name}, {name}: {exception}");
        return true;
    }
}

void WriteCorpus(string folder)
{
    Corpus corpus = Corpus.Read();
    string planted = Directory.CreateDirectory(Path.Combine(folder, Planted.Name)).FullName;
    File.WriteAllBytes(Path.Combine(planted, "0000"), [.. "QUIX"u8]);
    foreach (FuzzTarget target in targets)
    {
        string own = Directory.CreateDirectory(Path.Combine(folder, target.Name)).FullName;
        List<byte[]> seeds = [.. target.Seeds(corpus).Where(seed => seed.Length > 0)];
        for (int i = 0; i < seeds.Count; i++) File.WriteAllBytes(Path.Combine(own, i.ToString("0000", CultureInfo.InvariantCulture)), seeds[i]);
    }
}

int Check(int seed, int count, string folder)
{
    Corpus corpus = Corpus.Read();
    int failed = 0;
    foreach (FuzzTarget target in targets)
    {
        List<byte[]> seeds = [.. target.Seeds(corpus)];
        Mutations mutations = new(seed, seeds);
        int bad = 0;
        foreach (byte[] input in seeds.Concat(Enumerable.Range(0, count).Select(_ => mutations.Next())))
        {
            string kept = Path.Combine(folder, $"{target.Name}-{bad}");
            if (!Fails(target, input, kept)) continue;
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(kept, input);
            // One is enough to work on, and a few tell whether they are of one kind.
            if (++bad == 3) break;
        }
        Console.WriteLine($"{(bad == 0 ? "passed" : "FAILED")} {target.Name}: {seeds.Count} first inputs, {count} mutations");
        if (bad > 0) failed++;
    }
    Console.WriteLine($"{targets.Length - failed} passed, {failed} failed, 0 skipped");
    return failed == 0 ? 0 : 1;
}
