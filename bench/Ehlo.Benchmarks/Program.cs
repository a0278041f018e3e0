using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Ehlo.Benchmarks;

/// <summary>
/// Times each reader by itself, and whole sessions in memory, with what each allocates:
/// <code>dotnet run --project bench/Ehlo.Benchmarks -c Release -- --filter '*Commands*'</code>
/// </summary>
internal static class Program
{
    // Short, so that all of them take two minutes; an iteration is still a million calls of the small ones.
    private static readonly TimeInterval IterationTime = TimeInterval.FromMilliseconds(100);

    // Long enough for the compiler, which compiles a method up to three times, in the background and not at once.
    private const int WarmUps = 15;

    private static int Main(string[] args)
    {
        // In this process: what is generated to run elsewhere would be built under this repository's rules, and break them.
        IConfig config = DefaultConfig.Instance
            .AddJob(Job.Default
                .WithToolchain(InProcessEmitToolchain.Instance)
                .WithIterationTime(IterationTime)
                .WithWarmupCount(WarmUps)
                .WithIterationCount(5))
            .AddDiagnoser(MemoryDiagnoser.Default);
        return BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config).Any() ? 0 : 1;
    }
}
