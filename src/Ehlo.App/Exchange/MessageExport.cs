using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Inbox;

namespace Ehlo.App.Exchange;

/// <summary>Writes messages of the inbox into files, the oldest first, one at a time.</summary>
internal sealed class MessageExport(SeenInbox inbox)
{
    // Rows read at once, without contents.
    private const int PageMessages = 100;

    /// <summary>All of them into an mbox, each with its trace fields.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> WriteMboxAsync(InboxQuery query, Stream stream, CancellationToken cancellationToken)
    {
        MboxWriter writer = new(stream);
        await inbox.CatchUpAsync(query, cancellationToken);
        int count = 0;
        foreach (StoredMessage message in Messages(query))
        {
            if (inbox.OpenContent(message.Id) is not { } content) continue; // Deleted meanwhile.
            await using (content)
            await using (JoinedStream whole = new(TraceFields.Format(message), content))
            {
                await writer.WriteAsync(message.From, message.ReceivedAt, whole, cancellationToken);
            }
            count++;
        }
        return count;
    }

    /// <summary>Each into a file of its own, named by its id, in a zip.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> WriteZipAsync(InboxQuery query, Stream stream, CancellationToken cancellationToken)
    {
        await inbox.CatchUpAsync(query, cancellationToken);
        int count = 0;
        await using ZipArchive zip = await ZipArchive.CreateAsync(
            stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        foreach (StoredMessage message in Messages(query))
        {
            if (inbox.OpenContent(message.Id) is not { } content) continue; // Deleted meanwhile.
            await using (content)
            {
                ZipArchiveEntry entry = zip.CreateEntry($"{message.Id}.eml", CompressionLevel.Fastest);
                // A zip has no time before 1980.
                entry.LastWriteTime = message.ReceivedAt.Year < 1980 ? new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero) : message.ReceivedAt;
                await using Stream file = await entry.OpenAsync(cancellationToken);
                await file.WriteAsync(TraceFields.Format(message), cancellationToken);
                await content.CopyToAsync(file, cancellationToken);
            }
            count++;
        }
        return count;
    }

    private IEnumerable<StoredMessage> Messages(InboxQuery query)
    {
        string? after = null;
        IReadOnlyList<StoredMessage> page;
        do
        {
            page = inbox.ListAfter(query, PageMessages, after);
            foreach (StoredMessage message in page)
            {
                yield return message;
                after = message.Id;
            }
        }
        while (page.Count == PageMessages);
    }
}
