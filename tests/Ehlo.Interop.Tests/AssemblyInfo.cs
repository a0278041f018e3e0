using System.Runtime.Versioning;
using Ehlo.Interop.Tests.Foreign;
using Ehlo.Interop.Tests.Server;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// The clients are programs of Unix, and so is SIGTERM.
[assembly: UnsupportedOSPlatform("windows")]
// A test mostly waits for a client, which may itself mostly wait: see ManyMessagesTests.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 4)]
[assembly: AssemblyFixture(typeof(PlainServer))]
[assembly: AssemblyFixture(typeof(TlsServer))]
[assembly: AssemblyFixture(typeof(UsersServer))]
[assembly: AssemblyFixture(typeof(TokensServer))]
[assembly: AssemblyFixture(typeof(ForeignServers))]
