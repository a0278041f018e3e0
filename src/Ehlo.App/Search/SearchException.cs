using System;

namespace Ehlo.App.Search;

/// <summary>What somebody wants to find cannot be read; the message says why and where.</summary>
/// <param name="position">Of the first character that is wrong, from 0.</param>
/// <param name="length">How many characters are wrong; at least 1, and it may reach one beyond the end.</param>
internal sealed class SearchException(string message, int position, int length) : Exception(message)
{
    public int Position => position;

    public int Length => length;
}
