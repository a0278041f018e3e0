using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

namespace Floor;

/// <summary>Own epoll loops on x86-64 Linux: what .NET costs once its socket engine is left out.</summary>
internal static unsafe class EpollServer
{
    private const int SockNonBlock = 0x800;
    private const int NoSignal = 0x4000;

    public static void Run(int port, int threads)
    {
        for (int i = 1; i < threads; i++)
        {
            new Thread(() => Loop(port)) { IsBackground = true }.Start();
        }

        Loop(port);
    }

    private static void Loop(int port)
    {
        int one = 1;
        int listener = Native.Socket(2, 1 | SockNonBlock, 0);
        _ = Native.SetSockOpt(listener, 1, 2, &one, 4);
        _ = Native.SetSockOpt(listener, 1, 15, &one, 4);
        byte* address = stackalloc byte[16];
        new Span<byte>(address, 16).Clear();
        address[0] = 2;
        address[2] = (byte)(port >> 8);
        address[3] = (byte)port;
        address[4] = 127;
        address[7] = 1;
        if (Native.Bind(listener, address, 16) != 0 || Native.Listen(listener, 4096) != 0)
        {
            throw new IOException("cannot listen");
        }

        int epoll = Native.EpollCreate(0);
        Native.EpollEvent ev = new() { Events = 1, Data = (ulong)listener };
        _ = Native.EpollCtl(epoll, 1, listener, &ev);
        Native.EpollEvent* events = stackalloc Native.EpollEvent[256];
        byte* input = (byte*)NativeMemory.Alloc(256 << 10);
        byte* reply = (byte*)NativeMemory.Alloc(64 << 10);
        List<Conversation> conversations = [];
        while (true)
        {
            int n = Native.EpollWait(epoll, events, 256, -1);
            for (int i = 0; i < n; i++)
            {
                int fd = (int)events[i].Data;
                if (fd == listener)
                {
                    Accept(listener, epoll, conversations);
                }
                else if (!Serve(fd, ref CollectionsMarshal.AsSpan(conversations)[fd], input, reply))
                {
                    _ = Native.Close(fd);
                }
            }
        }
    }

    private static void Accept(int listener, int epoll, List<Conversation> conversations)
    {
        int one = 1;
        for (int k = 0; k < 64; k++)
        {
            int fd = Native.Accept4(listener, null, null, SockNonBlock);
            if (fd < 0)
            {
                return;
            }

            _ = Native.SetSockOpt(fd, 6, 1, &one, 4);
            while (conversations.Count <= fd)
            {
                conversations.Add(default);
            }

            conversations[fd] = default;
            Native.EpollEvent ev = new() { Events = 1, Data = (ulong)fd };
            _ = Native.EpollCtl(epoll, 1, fd, &ev);
            fixed (byte* greeting = Conversation.Greeting)
            {
                _ = Native.Send(fd, greeting, (nuint)Conversation.Greeting.Length, NoSignal);
            }
        }
    }

    private static bool Serve(int fd, ref Conversation conversation, byte* input, byte* reply)
    {
        nint n = Native.Recv(fd, input, 256 << 10, 0);
        if (n <= 0)
        {
            return n < 0 && Marshal.GetLastSystemError() is 11 or 4;
        }

        int w = conversation.Feed(new ReadOnlySpan<byte>(input, (int)n), new Span<byte>(reply, 64 << 10));
        if (w > 0 && Native.Send(fd, reply, (nuint)w, NoSignal) != w)
        {
            return false;
        }

        return !conversation.Quit;
    }

    private static partial class Native
    {
        [StructLayout(LayoutKind.Sequential, Pack = 1)]
        public struct EpollEvent
        {
            public uint Events;
            public ulong Data;
        }

        [DllImport("libc", EntryPoint = "socket")]
        public static extern int Socket(int family, int type, int protocol);

        [DllImport("libc", EntryPoint = "setsockopt")]
        public static extern int SetSockOpt(int fd, int level, int name, void* value, uint length);

        [DllImport("libc", EntryPoint = "bind")]
        public static extern int Bind(int fd, void* address, uint length);

        [DllImport("libc", EntryPoint = "listen")]
        public static extern int Listen(int fd, int backlog);

        [DllImport("libc", EntryPoint = "accept4")]
        public static extern int Accept4(int fd, void* address, void* length, int flags);

        [DllImport("libc", EntryPoint = "close")]
        public static extern int Close(int fd);

        [DllImport("libc", EntryPoint = "recv")]
        public static extern nint Recv(int fd, void* buffer, nuint length, int flags);

        [DllImport("libc", EntryPoint = "send")]
        public static extern nint Send(int fd, void* buffer, nuint length, int flags);

        [DllImport("libc", EntryPoint = "epoll_create1")]
        public static extern int EpollCreate(int flags);

        [DllImport("libc", EntryPoint = "epoll_ctl")]
        public static extern int EpollCtl(int epoll, int op, int fd, EpollEvent* ev);

        [DllImport("libc", EntryPoint = "epoll_wait")]
        public static extern int EpollWait(int epoll, EpollEvent* events, int max, int timeout);
    }
}
