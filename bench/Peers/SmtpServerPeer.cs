using System.Buffers;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Peers;

/// <summary>A server whose store keeps nothing.</summary>
internal static class SmtpServerPeer
{
    private const int MaxMessageOctets = 100 << 20;

    public static Task RunAsync(int port)
    {
        ISmtpServerOptions options = new SmtpServerOptionsBuilder()
            .ServerName("server.example")
            .MaxMessageSize(MaxMessageOctets, MaxMessageSizeHandling.Ignore)
            .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port)))
            .Build();
        ServiceProvider services = new();
        services.Add(new DroppingStore());
        return new SmtpServer.SmtpServer(options, services).StartAsync(CancellationToken.None);
    }

    private sealed class DroppingStore : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken) =>
            Task.FromResult(SmtpResponse.Ok);
    }
}
