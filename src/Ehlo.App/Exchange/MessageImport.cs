using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Posting;
using MimeKit;

namespace Ehlo.App.Exchange;

/// <summary>What was taken in, and what was not.</summary>
internal sealed class ImportResult
{
    // Somebody reads them; there is no end of what a file can hold.
    private const int MaxTold = 1000;

    private readonly List<string> _ids = [];
    private readonly List<string> _problems = [];

    public int Imported { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Of the first thousand.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>Of the first thousand that were left out, why.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public void Add(StoredMessage message)
    {
        Imported++;
        if (_ids.Count < MaxTold) _ids.Add(message.Id);
    }

    /// <param name="name">The message, by its number or its file.</param>
    /// <param name="problem">Why it was left out.</param>
    public void Skip(string name, string problem)
    {
        Skipped++;
        if (_problems.Count < MaxTold) _problems.Add($"{name}: {problem}");
    }
}

/// <summary>Takes messages of files into the inbox. They were accepted elsewhere before, so no route refuses them.</summary>
/// <param name="post">Where they go.</param>
/// <param name="source">Who brings them, for the line of each: the facts of a posting but its envelope.</param>
internal sealed class MessageImport(MessagePost post, Posting.Posting source)
{
    public ImportResult Result { get; } = new();

    /// <summary>Takes in one message. One that cannot be taken is noted in the result.</summary>
    /// <param name="name">How the result calls it.</param>
    /// <param name="stream">Its octets.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task AddMessageAsync(string name, Stream stream, CancellationToken cancellationToken)
    {
        using PostedContent content = post.BeginContent();
        try
        {
            await content.AppendAsync(stream, cancellationToken);
            await AddAsync(content, sender: null, cancellationToken);
        }
        catch (PostException exception)
        {
            Result.Skip(name, exception.Message);
        }
    }

    /// <summary>Takes in all messages of an mbox file.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public async Task AddMboxAsync(Stream stream, CancellationToken cancellationToken)
    {
        PostedContent? content = null;
        string sender = "";
        int number = 0;
        PostException? problem = null;
        try
        {
            await foreach (MboxPiece piece in MboxReader.ReadAsync(stream, cancellationToken))
            {
                if (piece.Sender is { } next)
                {
                    await EndAsync();
                    (content, sender, problem) = (post.BeginContent(), next, null);
                    number++;
                    continue;
                }
                try
                {
                    // The rest of a message that cannot be taken is read over.
                    if (problem is null) content!.Append(piece.Octets);
                }
                catch (PostException exception)
                {
                    problem = exception;
                }
            }
            await EndAsync();
        }
        finally
        {
            content?.Dispose();
        }

        async Task EndAsync()
        {
            if (content is null) return;
            try
            {
                if (problem is not null) throw problem;
                await AddAsync(content, sender, cancellationToken);
            }
            catch (PostException exception)
            {
                Result.Skip($"message {number}", exception.Message);
            }
            content.Dispose();
            content = null;
        }
    }

    private async Task AddAsync(PostedContent content, string? sender, CancellationToken cancellationToken)
    {
        HeaderList? fields = content.Fields();
        Posting.Posting posting = source with
        {
            From = (sender is null ? null : HeaderEnvelope.ReversePath(sender, null))
                ?? ReturnPath(fields) ?? HeaderEnvelope.ReversePath(null, fields) ?? ReversePath.Null,
            To = [.. Recipients(fields).Distinct().Take(post.MaxRecipients)],
        };
        Result.Add(await post.ImportAsync(posting, content, cancellationToken));
    }

    // As a final delivery writes it: "<>" is the null reverse-path.
    private static ReversePath? ReturnPath(HeaderList? fields) =>
        fields?["Return-Path"]?.Trim() is { Length: > 1 } text && text[0] == '<' && text[^1] == '>'
            ? HeaderEnvelope.ReversePath(text[1..^1], null)
            : null;

    // Who got it stands in the fields that deliveries add; else it is who it was for.
    private static IEnumerable<ForwardPath> Recipients(HeaderList? fields)
    {
        foreach (string name in (string[])["X-Original-To", "Delivered-To", "Envelope-To"])
        {
            if (fields?[name] is { } value && HeaderEnvelope.Recipients(value.Trim(), null) is { Count: > 0 } recipients) return recipients;
        }
        return HeaderEnvelope.Recipients(null, fields) ?? [];
    }
}
