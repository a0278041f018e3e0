using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>Hears what is said, tells it to the account, and keeps what the report needs.</summary>
internal sealed class SessionLog(SendAccount account, ServerTrust trust, string? user) : SmtpConnectionObserver
{
    // What one would read of a transcript; of a thousand messages it has the beginning.
    private const int MaxLines = 10_000;

    private readonly Lock _gate = new();
    private readonly List<string> _dialogue = [];
    private SmtpDestination? _destination;
    private bool _isGreeted;

    public string? Remote { get; private set; }

    public string? Greeting { get; private set; }

    public TlsFacts? Tls { get; private set; }

    /// <summary>The mechanism that was used last.</summary>
    public string? Mechanism { get; private set; }

    public bool IsAuthenticated { get; private set; }

    public IReadOnlyList<string> Dialogue => _dialogue;

    public override void OnConnected(SmtpDestination destination, EndPoint? remote)
    {
        lock (_gate)
        {
            (_destination, Remote, _isGreeted) = (destination, remote?.ToString(), false);
            Keep($"({Where()})");
        }
    }

    public override void OnSent(string line)
    {
        lock (_gate)
        {
            if (line.StartsWith("AUTH ", System.StringComparison.Ordinal)) Mechanism = line.Split(' ')[1];
            Keep($"C: {ShownText.Of(line)}");
        }
    }

    public override void OnSentContent(long octets)
    {
        lock (_gate) Keep(string.Create(CultureInfo.InvariantCulture, $"({octets} octets of content)"));
    }

    public override void OnReceived(Reply reply)
    {
        lock (_gate)
        {
            string[] lines = ShownText.Lines(reply.Text);
            string status = reply.Status.Class == 0 ? "" : $"{reply.Status} ";
            for (int i = 0; i < lines.Length; i++) Keep($"S: {reply.Code}{(i < lines.Length - 1 ? '-' : ' ')}{status}{lines[i]}");
            if (reply.Code == 235 && !IsAuthenticated)
            {
                IsAuthenticated = true;
                account.Fact($"Logged in as {ShownText.Of(user ?? "nobody in particular")} by {Mechanism}");
            }
            if (_isGreeted) return;
            (_isGreeted, Greeting) = (true, ShownText.Of(reply));
            account.Fact($"{Where()}: {Greeting}");
        }
    }

    public override void OnSecured(SmtpConnection connection)
    {
        lock (_gate)
        {
            Tls = new(
                connection.TlsProtocol is SslProtocols.Tls13 ? "1.3" : "1.2",
                connection.CipherSuite?.ToString() ?? "",
                (connection.ServerCertificate as X509Certificate2)?.Subject ?? "",
                trust.Doubt);
            Keep($"(TLS {Tls.Version}, {Tls.Cipher})");
            string doubt = Tls.Doubt is null ? "valid" : $"not valid, and taken nevertheless: {Tls.Doubt}";
            account.Fact($"TLS {Tls.Version} with {Tls.Cipher}; certificate {ShownText.Of(Tls.Certificate)}, {doubt}");
        }
    }

    public override void OnClosed()
    {
        lock (_gate) Keep("(closed)");
    }

    private string Where() => $"Connected to {_destination}{(Remote is null || _destination!.UnixPath is not null ? "" : $" at {Remote}")}";

    private void Keep(string line)
    {
        account.Dialogue(line);
        if (_dialogue.Count < MaxLines) _dialogue.Add(line);
    }

    /// <param name="Version">1.2 or 1.3.</param>
    /// <param name="Cipher">The cipher suite.</param>
    /// <param name="Certificate">The subject of the server's certificate.</param>
    /// <param name="Doubt">What is wrong with it, or null.</param>
    internal sealed record TlsFacts(string Version, string Cipher, string Certificate, string? Doubt);
}
