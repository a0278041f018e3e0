using System.Threading;

namespace Ehlo.App.Inbox;

/// <summary>What all contents together may hold in memory. Thread-safe.</summary>
internal sealed class HeldMemory(long limit)
{
    private long _octets;

    public long Octets => Interlocked.Read(ref _octets);

    /// <summary>Whether there was room for so many more.</summary>
    public bool TryTake(int octets)
    {
        if (Interlocked.Add(ref _octets, octets) <= limit)
        {
            return true;
        }
        Give(octets);
        return false;
    }

    /// <summary>Takes them whether there is room or not.</summary>
    public void Take(int octets) => Interlocked.Add(ref _octets, octets);

    public void Give(int octets) => Interlocked.Add(ref _octets, -octets);
}
