namespace Ehlo.App.Inbox;

/// <summary>Where a content is, as its row says. <see cref="SegmentFile"/> has the drawing.</summary>
internal readonly record struct ContentPlace(long Segment, long Offset, long Size, uint Checksum);
