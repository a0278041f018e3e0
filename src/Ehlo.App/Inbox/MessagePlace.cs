using System;

namespace Ehlo.App.Inbox;

/// <summary>Of a message what the index of words is made from, in UTF-8. Its texts are those of <see cref="MessagePlaces"/>.</summary>
/// <param name="sender">The reverse-path without brackets.</param>
/// <param name="recipients">The forward-paths without brackets, as a JSON array of strings.</param>
/// <param name="subject">The decoded subject.</param>
internal readonly ref struct MessagePlace(
    long id, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> recipients, ReadOnlySpan<byte> subject, ContentPlace place)
{
    public long Id { get; } = id;

    public ReadOnlySpan<byte> Sender { get; } = sender;

    public ReadOnlySpan<byte> Recipients { get; } = recipients;

    public ReadOnlySpan<byte> Subject { get; } = subject;

    public ContentPlace Place { get; } = place;
}
