using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Xunit;

namespace Ehlo.Benchmarks.Tests;

/// <summary>Each benchmark runs once with each of its parameters, so that none rots; the benchmarks look themselves at what they did.</summary>
public sealed class BenchmarkTests
{
    private static readonly Type[] Classes =
        [.. typeof(CommandBenchmarks).Assembly.GetExportedTypes().Where(type => type.GetMethods().Any(IsBenchmark))];

    public static TheoryData<string> Names => [.. Cases().Select(each => each.DisplayInfo)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_runs_and_does_its_work(string name)
    {
        BenchmarkCase each = Cases().Single(other => other.DisplayInfo == name);
        object instance = Activator.CreateInstance(each.Descriptor.Type)!;
        foreach (BenchmarkDotNet.Parameters.ParameterInstance parameter in each.Parameters.Items)
            each.Descriptor.Type.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);
        each.Descriptor.GlobalSetupMethod?.Invoke(instance, null);
        object? result = each.Descriptor.WorkloadMethod.Invoke(instance, null);
        if (result is Task task) await task;
    }

    [Fact]
    public void Every_class_is_found() => Assert.True(Classes.Length >= 4, string.Join<Type>(", ", Classes));

    private static IEnumerable<BenchmarkCase> Cases() => Classes.SelectMany(type => BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases);

    private static bool IsBenchmark(MethodInfo method) => method.IsDefined(typeof(BenchmarkAttribute));
}
