using System;

namespace Ehlo.App.Search;

/// <summary>Nothing can be searched for now; it will be possible again soon. The message says why.</summary>
/// <param name="isDamaged">Whether the index must be made anew.</param>
internal sealed class SearchIndexException(string message, bool isDamaged = false, Exception? inner = null) : Exception(message, inner)
{
    public bool IsDamaged => isDamaged;
}
