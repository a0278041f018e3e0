using System;

namespace Ehlo.Server;

/// <summary>
/// How fast content comes while it is waited for. The time that this side takes does not count, nor does a message that is over sooner.
/// </summary>
internal sealed class ContentPace(int minOctetsPerSecond)
{
    // Long enough for a line that is down for a while, within the wait for one block, to make up for it.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private TimeSpan _waited;
    private long _octets;

    /// <summary>Counts one read. True where a window is over and too little came in it.</summary>
    public bool IsTooSlow(int octets, TimeSpan waited)
    {
        _octets += octets;
        _waited += waited;
        if (_waited < Window) return false;
        bool isTooSlow = _octets < minOctetsPerSecond * _waited.TotalSeconds;
        (_octets, _waited) = (0, TimeSpan.Zero);
        return isTooSlow;
    }
}
