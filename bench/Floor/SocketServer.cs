using System;
using System.Buffers;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace Floor;

/// <summary>An async method for each connection, in clear or in TLS.</summary>
internal static class SocketServer
{
    private const int Small = 4 << 10;
    private const int Large = 256 << 10;

    /// <summary>Serves until the process ends.</summary>
    /// <param name="certificate">Of TLS; null for clear text.</param>
    public static async Task RunAsync(int port, X509Certificate2? certificate)
    {
        SslServerAuthenticationOptions? tls = certificate is null ? null : new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            EnabledSslProtocols = SslProtocols.Tls13,
        };
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4096);
        while (true)
        {
            Socket socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            ThreadPool.UnsafeQueueUserWorkItem(
                static given => _ = given.tls is null ? ServeAsync(given.socket) : ServeAsync(given.socket, given.tls),
                (socket, tls),
                preferLocal: false);
        }
    }

    public static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }

    private static async Task ServeAsync(Socket socket, SslServerAuthenticationOptions tls)
    {
        await using NetworkStream plain = new(socket, ownsSocket: true);
        await using SslStream stream = new(plain);
        Conversation conversation = default;
        byte[] buffer = new byte[Small];
        byte[]? large = null;
        byte[] reply = new byte[1024];
        try
        {
            await stream.AuthenticateAsServerAsync(tls);
            await stream.WriteAsync(Greeting(reply));
            while (!conversation.Quit)
            {
                byte[] into = large ?? buffer;
                int read = await stream.ReadAsync(into.AsMemory());
                if (read == 0) break;
                int written = conversation.Feed(into.AsSpan(0, read), reply);
                if (written > 0) await stream.WriteAsync(reply.AsMemory(0, written));
                Exchange(ref large, conversation.TakesMuch, read == into.Length);
            }
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // A connection that the peer broke off.
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        Conversation conversation = default;
        byte[] buffer = new byte[Small];
        byte[]? large = null;
        byte[] reply = new byte[1024];
        try
        {
            await socket.SendAsync(Greeting(reply));
            while (!conversation.Quit)
            {
                byte[] into = large ?? buffer;
                int read = await socket.ReceiveAsync(into.AsMemory());
                if (read == 0) break;
                int written = conversation.Feed(into.AsSpan(0, read), reply);
                if (written > 0) await socket.SendAsync(reply.AsMemory(0, written));
                Exchange(ref large, conversation.TakesMuch, read == into.Length);
            }
        }
        catch (SocketException)
        {
            // A connection that the peer broke off.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private static ReadOnlyMemory<byte> Greeting(byte[] reply)
    {
        Conversation.Greeting.CopyTo(reply);
        return reply.AsMemory(0, Conversation.Greeting.Length);
    }

    /// <summary>A large buffer while there is much to take, from the first full read on.</summary>
    private static void Exchange(ref byte[]? large, bool takesMuch, bool isFull)
    {
        if (takesMuch && large is null && isFull)
        {
            large = ArrayPool<byte>.Shared.Rent(Large);
        }
        else if (!takesMuch && large is not null)
        {
            ArrayPool<byte>.Shared.Return(large);
            large = null;
        }
    }
}
