using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>`ehlo sink` is for measuring, so nothing of the console may count in what is measured.</summary>
public sealed class SinkTests(SinkServer sink, PlainServer plain) : ClientTests, IClassFixture<SinkServer>
{
    private const string AspNet = "Microsoft.AspNetCore";

    [Fact]
    public async Task A_sink_that_has_taken_a_message_has_loaded_no_ASP_NET()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The files that a process has mapped are asked of /proc.");
        SmtplibClient client = new();
        await client.SendAsync(To(client, sink.SmtpPort, Contents.Plain()));
        string[] loaded = Loaded(sink.ProcessId);
        Assert.Contains("Ehlo.dll", loaded);
        Assert.DoesNotContain(loaded, name => name.StartsWith(AspNet, StringComparison.Ordinal));
        // Else the line above would say nothing.
        Assert.Contains(Loaded(plain.ProcessId), name => name.StartsWith(AspNet, StringComparison.Ordinal));
    }

    // A line: address, permissions, offset, device, inode, path.
    private static string[] Loaded(int process) =>
        [.. File.ReadLines($"/proc/{process}/maps").Select(line => Path.GetFileName(line)).Where(name => name.Length > 0).Distinct()];
}
