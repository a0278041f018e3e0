namespace Ehlo.App.Inbox;

/// <summary>Where a content is, as its row says. <see cref="SegmentFile"/> has the drawing.</summary>
/// <param name="DialogueOctets">Of the dialogue that follows the content; null where the row has it, or there is none.</param>
/// <param name="DialogueChecksum">Of those octets.</param>
internal readonly record struct ContentPlace(
    long Segment, long Offset, long Size, uint Checksum, int? DialogueOctets = null, uint DialogueChecksum = 0);
