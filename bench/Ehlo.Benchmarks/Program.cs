using System;
using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Ehlo.Benchmarks;

/// <summary>
/// Times each reader by itself, and whole sessions in memory, with what each allocates:
/// <code>dotnet run --project bench/Ehlo.Benchmarks -c Release -- --filter '*Commands*'</code>
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        // In this process: what is generated to run elsewhere would be built under this repository's rules, and break them.
        IConfig config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default);
        return BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config).Any() ? 0 : 1;
    }
}
