using System;

namespace Ehlo.App.Routing;

/// <summary>One route: what it matches on (all that is given must match), and where the mail goes.</summary>
internal sealed record Route
{
    /// <summary>A glob over the whole recipient, without case: <c>*</c> is any run of characters, also none.</summary>
    public string Recipient { get; init; } = "*";

    /// <summary>The configured endpoint of the listener, or null for all.</summary>
    public string? Listener { get; init; }

    /// <summary>Null for both.</summary>
    public bool? Authenticated { get; init; }

    public required Destination To { get; init; }

    /// <param name="recipient">The forward-path without brackets.</param>
    public bool Matches(string recipient, string listener, bool authenticated) =>
        (Listener is null || Listener == listener)
        && (Authenticated is null || Authenticated == authenticated)
        && IsMatch(Recipient, recipient);

    /// <summary>
    /// Walks both once and returns only to the last star, so a peer's recipient costs at most pattern times recipient steps; the naive
    /// recursion is exponential in the stars.
    /// </summary>
    public static bool IsMatch(ReadOnlySpan<char> glob, ReadOnlySpan<char> text)
    {
        int g = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (g < glob.Length && glob[g] == '*')
            {
                star = g++;
                resume = t;
            }
            else if (g < glob.Length && char.ToUpperInvariant(glob[g]) == char.ToUpperInvariant(text[t]))
            {
                g++;
                t++;
            }
            else if (star >= 0)
            {
                g = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }
        while (g < glob.Length && glob[g] == '*')
        {
            g++;
        }
        return g == glob.Length;
    }
}
