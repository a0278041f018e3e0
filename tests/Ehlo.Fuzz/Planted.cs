using System;
using Ehlo.Protocol;

namespace Ehlo.Fuzz;

/// <summary>
/// Fails for the command QUIT, which is near to the input that the fuzzer begins with: that it is found shows that a failure is noticed.
/// </summary>
internal static class Planted
{
    public const string Name = "Planted";

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (CommandGrammar.Parse(input, out _) is Verb.Quit) throw new DisagreementException("The planted fault was found.");
    }
}
