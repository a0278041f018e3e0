using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;

namespace Ehlo.App.Mime;

/// <summary>The messages of the inbox, taken apart on request. Thread-safe.</summary>
internal sealed class MessageMime(InboxStore store, MimeLimits limits) : IDisposable
{
    // A page asks for the tree, a body and each thumbnail; without this a message of 50 MB would be read for every one of them. A tree is
    // bounded by its limits: about a megabyte at worst, a few kilobytes in life.
    private const int KeptTrees = 16;

    // Each reads a message from the disk on a core; more would only take the cores from the intake.
    private readonly SemaphoreSlim _readers = new(2);
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Id, StoredMime Mime)> _kept = [];

    public MessageMime(InboxStore store) : this(store, MimeLimits.Default)
    {
    }

    public MimeLimits Limits => limits;

    /// <summary>Null for an unknown id.</summary>
    /// <exception cref="InboxException">The content is missing or damaged.</exception>
    public async ValueTask<StoredMime?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (Kept(id) is { } kept)
        {
            return kept;
        }
        await _readers.WaitAsync(cancellationToken);
        try
        {
            if (Kept(id) is { } keptMeanwhile)
            {
                return keptMeanwhile;
            }
            return await Task.Run(() => Read(id, cancellationToken), cancellationToken);
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <summary>The decoded content of a part, for the caller to dispose; null where the message is gone.</summary>
    public Stream? Open(string id, StoredPart part) => store.OpenContent(id) is { } content ? PartStream.Open(content, part) : null;

    /// <summary>The text of a part, and whether there was more than may be shown; null where the message is gone.</summary>
    public async ValueTask<(string Text, bool IsCut)?> ReadTextAsync(
        string id, StoredPart part, int maxOctets, CancellationToken cancellationToken)
    {
        return await Task.Run<(string, bool)?>(
            () =>
            {
                using Stream? stream = Open(id, part);
                if (stream is null)
                {
                    return null;
                }
                (byte[] octets, bool isCut) = OctetText.ReadSome(stream, maxOctets);
                return (OctetText.Decode(octets, part.Charset), isCut);
            },
            cancellationToken);
    }

    /// <summary>The HTML body, made safe; null where there is none, or the message is gone.</summary>
    /// <exception cref="InvalidDataException">It would take too much to show.</exception>
    public async ValueTask<SafeHtml?> ReadHtmlAsync(string id, StoredMime mime, bool isRemoteAllowed, CancellationToken cancellationToken)
    {
        if (mime.Html is not { } part)
        {
            return null;
        }
        await _readers.WaitAsync(cancellationToken);
        try
        {
            return await ReadTextAsync(id, part, limits.HtmlOctets, cancellationToken) is { } html
                ? await Task.Run(() => SafeHtml.Of(html.Text, mime, isRemoteAllowed, cancellationToken), cancellationToken)
                : null;
        }
        finally
        {
            _readers.Release();
        }
    }

    public void Dispose() => _readers.Dispose();

    private StoredMime? Read(string id, CancellationToken cancellationToken)
    {
        using Stream? content = store.OpenContent(id);
        if (content is null)
        {
            return null;
        }
        StoredMime mime = StoredMime.Read(content, limits, cancellationToken);
        lock (_lock)
        {
            _kept.AddFirst((id, mime));
            if (_kept.Count > KeptTrees)
            {
                _kept.RemoveLast();
            }
        }
        return mime;
    }

    private StoredMime? Kept(string id)
    {
        lock (_lock)
        {
            if (_kept.FirstOrDefault(entry => entry.Id == id) is not { Mime: not null } found)
            {
                return null;
            }
            _kept.Remove(found);
            _kept.AddFirst(found);
            return found.Mime;
        }
    }
}
