using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace Ehlo.App.Tests.Load;

/// <summary>A peer that answers as a server does until one command, and closes there, or is silent from there on.</summary>
internal sealed class DroppingPeer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _step;
    private readonly bool _isSilent;

    /// <param name="step">MAIL, RCPT, DATA, or "." for the end of the content.</param>
    /// <param name="isSilent">Whether it leaves the connection open.</param>
    public DroppingPeer(string step, bool isSilent = false)
    {
        (_step, _isSilent) = (step, isSilent);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Completes when a client has come to the step.</summary>
    public Task WhenReached => _reached.Task;

    public string Url => $"smtp://{_listener.LocalEndpoint}";

    public void Dispose()
    {
        _listener.Stop();
        lock (_clients) _clients.ForEach(client => client.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                lock (_clients) _clients.Add(client);
                _ = TalkAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            // Not disposed of here: a peer that is silent leaves the connection open.
            StreamReader reader = new(client.GetStream(), Encoding.Latin1);
            await SayAsync("220 mx.example");
            bool isContent = false;
            while (await reader.ReadLineAsync() is { } line)
            {
                if (isContent && line != ".") continue;
                string verb = isContent ? "." : line.Split(' ')[0].ToUpperInvariant();
                if (verb == _step)
                {
                    _reached.TrySetResult();
                    if (!_isSilent) client.Dispose();
                    return;
                }
                isContent = verb == "DATA";
                await SayAsync(verb switch { "EHLO" => "250-mx.example\r\n250 PIPELINING", "DATA" => "354 Go", "QUIT" => "221 Bye", _ => "250 OK" });
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The other side has closed.
        }

        async Task SayAsync(string reply) => await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n"));
    }
}
