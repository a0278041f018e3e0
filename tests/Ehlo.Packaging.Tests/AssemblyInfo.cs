using System.Runtime.Versioning;
using Ehlo.Console.Tests.Support;
using Ehlo.Packaging.Tests;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// SIGTERM is of Unix.
[assembly: UnsupportedOSPlatform("windows")]
// The forms are made one after the other, by a build that uses all processors itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Packages))]
[assembly: AssemblyFixture(typeof(Chromium))]
