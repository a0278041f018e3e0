using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>A 250 promises that the message is on the disk: the kernel was asked for that before the promise was sent.</summary>
public sealed class DurabilityTests(TracedServer server) : ClientTests, IClassFixture<TracedServer>
{
    [Fact]
    public async Task Each_file_written_for_a_message_is_flushed_before_its_250()
    {
        SmtplibClient client = new();
        await using SystemCallTrace trace = await SystemCallTrace.AttachAsync(server.ProcessId);
        // One at a time, so that what is written before a reply was written for its message: small ones in a segment, large in their own.
        for (int i = 0; i < 3; i++)
        {
            await DeliverAsync(client, server.Inbox, To(client, server.SmtpPort, Contents.Plain()));
            await DeliverAsync(client, server.Inbox, To(client, server.SmtpPort, Contents.Large));
        }
        IReadOnlyList<SystemCall> calls = await trace.EndAsync();

        List<SystemCall> promises = [.. calls.Where(call => call.IsSend && call.Text.Contains("\"250 2.6.0 ", StringComparison.Ordinal))];
        List<SystemCall> writes =
            [.. calls.Where(call => call.IsWrite && call.Path.StartsWith(server.DataFolder, StringComparison.Ordinal) && !IsIndex(call.Path))];
        Assert.Equal(6, promises.Count);
        int since = 0;
        foreach (SystemCall promise in promises)
        {
            SystemCall[] written = [.. writes.Where(write => write.BeganAt > since && write.BeganAt < promise.BeganAt)];
            Assert.Contains(written, write => write.Path.Contains("/content/", StringComparison.Ordinal));
            Assert.Contains(written, write => write.Path.Contains("inbox.db", StringComparison.Ordinal));
            foreach (IGrouping<string, SystemCall> file in written.GroupBy(write => write.Path))
            {
                int last = file.Max(write => write.EndedAt);
                Assert.True(
                    calls.Any(call => call.IsFlush && call.Path == file.Key && call.BeganAt > last && call.EndedAt < promise.BeganAt),
                    $"{file.Key} was written and not flushed before: {promise.Text}");
            }
            since = promise.BeganAt;
        }
    }

    // It is made from the messages, in the background, and anew where it is missing: no promise hangs on it.
    private static bool IsIndex(string path) => path.Contains("/search.db", StringComparison.Ordinal);
}
