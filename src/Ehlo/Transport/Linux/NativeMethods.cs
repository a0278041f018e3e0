using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Ehlo.Transport;

/// <summary>The calls of the system that an event loop is made of. The manual has each under its name.</summary>
[SupportedOSPlatform("linux")]
internal static partial class NativeMethods
{
    // The same numbers on every architecture that .NET runs on.
    public const int TryAgain = 11;
    public const int Interrupted = 4;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int NoSignal = 0x4000;
    public const int ShutWrite = 1;
    public const int ShutBoth = 2;
    public const int Add = 1;
    public const int Delete = 2;
    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const uint PeerClosed = 0x2000; // EPOLLRDHUP
    public const uint Exclusive = 1u << 28;
    public const uint EdgeTriggered = 1u << 31;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreateEpoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlEpoll(int epoll, int operation, int descriptor, ref byte @event);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int WaitEpoll(int epoll, ref byte events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint count, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, ref byte buffer, nuint octets);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ref byte buffer, nuint octets);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int listener, ref byte address, ref uint length, int flags);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int NameOf(int descriptor, ref byte address, ref uint length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int name, ref int value, uint length);

    // These two are called for every message, and to keep the error for later would be two calls more: whoever is given -1 asks at once for the
    // system's last error.
    [LibraryImport("libc", EntryPoint = "recv")]
    public static partial nint Receive(int descriptor, ref byte buffer, nuint octets, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    public static partial nint Send(int descriptor, ref byte buffer, nuint octets, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);
}
