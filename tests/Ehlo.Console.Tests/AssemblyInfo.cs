using Ehlo.Console.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]
