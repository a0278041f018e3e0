using System.Collections.Generic;

namespace Ehlo.App.Inbox;

/// <summary>Of a message what the index of words is made from.</summary>
internal sealed record MessagePlace(long Id, string Sender, IReadOnlyList<string> Recipients, string Subject, ContentPlace Place);
