using System;

namespace Ehlo.Tests.Support;

/// <summary>Looks at the managed heap. It is one for all tests, so what looks at it runs alone.</summary>
internal static class Heap
{
    /// <summary>Octets in use, once what nobody holds any more is gone, with what its finalizers let go.</summary>
    public static long Octets()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
