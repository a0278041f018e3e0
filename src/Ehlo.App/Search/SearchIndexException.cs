using System;

namespace Ehlo.App.Search;

/// <summary>Nothing can be searched for now; it will be possible again soon. The message says why.</summary>
internal sealed class SearchIndexException(string message, Exception? inner = null) : Exception(message, inner);
