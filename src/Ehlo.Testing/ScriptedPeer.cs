using System;
using System.Globalization;
using System.IO;
using System.IO.Enumeration;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Testing;

/// <summary>
/// One side of a dialogue by script: it says its own lines, and what the other side says must be the other lines. For a test that needs exactly
/// these octets, which a real server or client would not send.
/// </summary>
/// <remarks>
/// A script has lines <c>S: 220 mx.example</c> of the server and <c>C: EHLO *</c> of the client, each without its CRLF. In those that are
/// expected <c>*</c> is any run of characters, <c>?</c> any one, and a backslash takes their meaning away. <c>S| 250 O</c> and <c>C| …</c> are
/// said as they stand, without CRLF, where <c>\r</c>, <c>\n</c> and <c>\\</c> are one octet each. Lines that are empty or begin with <c>#</c> are
/// skipped. At the end of the script the connection is closed.
/// </remarks>
public sealed class ScriptedPeer : IAsyncDisposable
{
    // As long as a SASL response may be (RFC 4954 section 4), the longest line of all; what is longer is not the line that was expected.
    private const int MaxLineOctets = 12_288;

    // As long as a test server's wait: a test that fails must end, and a loaded machine is slow.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new(Patience);

    private ScriptedPeer(string script)
    {
        _listener.Start();
        Completion = ServeAsync(script);
    }

    /// <summary>Where it listens: 127.0.0.1 with a port that was free.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>
    /// Completes at the end of the script; fails with an <see cref="InvalidDataException"/> that says which line was not kept to, and with a
    /// <see cref="TimeoutException"/> after 30 seconds.
    /// </summary>
    public Task Completion { get; }

    /// <summary>Plays the server for one connection.</summary>
    /// <param name="script">The dialogue.</param>
    public static ScriptedPeer Listen(string script)
    {
        ArgumentNullException.ThrowIfNull(script);
        return new(script);
    }

    /// <summary>Plays the server on a connection that is there. The stream is left open.</summary>
    /// <exception cref="InvalidDataException">The other side does not keep to the script; the message says where.</exception>
    public static Task PlayServerAsync(Stream stream, string script, CancellationToken cancellationToken = default) =>
        PlayAsync(stream, 'S', script, cancellationToken);

    /// <summary>Plays the client on a connection that is there. The stream is left open.</summary>
    /// <exception cref="InvalidDataException">The other side does not keep to the script; the message says where.</exception>
    public static Task PlayClientAsync(Stream stream, string script, CancellationToken cancellationToken = default) =>
        PlayAsync(stream, 'C', script, cancellationToken);

    /// <summary>Closes the connection, wherever the script is.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task ServeAsync(string script)
    {
        try
        {
            using Socket socket = await _listener.AcceptSocketAsync(_over.Token);
            await using NetworkStream stream = new(socket);
            await PlayServerAsync(stream, script, _over.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException("The script did not come to its end.", exception);
        }
    }

    private static async Task PlayAsync(Stream stream, char own, string script, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(script);
        int number = 0;
        foreach (string line in script.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            string text = line.TrimStart();
            if (text.Length == 0 || text[0] == '#') continue;
            if (text.Length < 2 || text[0] is not ('S' or 'C') || text[1] is not (':' or '|'))
                throw new FormatException($"Line {Number(number)} of the script is neither 'S: ' nor 'C: ': {text}");
            string said = text.Length > 3 ? text[3..] : "";
            if (text[0] != own) await ExpectAsync(stream, text, said, number, cancellationToken);
            else await stream.WriteAsync(Encoding.UTF8.GetBytes(text[1] == ':' ? $"{said}\r\n" : Unescape(said)), cancellationToken);
        }
    }

    private static async Task ExpectAsync(Stream stream, string line, string pattern, int number, CancellationToken cancellationToken)
    {
        StringBuilder came = new();
        byte[] octet = new byte[1];
        // Octet by octet: what comes behind the line may be for somebody else, TLS for instance.
        while (came.Length < MaxLineOctets && (came.Length == 0 || came[^1] != '\n'))
        {
            if (await stream.ReadAsync(octet, cancellationToken) == 0) break;
            came.Append((char)octet[0]);
        }
        string text = came.ToString();
        if (text.EndsWith("\r\n", StringComparison.Ordinal)
            && FileSystemName.MatchesSimpleExpression(pattern, Decode(text[..^2]), ignoreCase: false)) return;
        string what = text.Length == 0 ? "the connection was closed" : $"\"{Escape(text)}\" came";
        throw new InvalidDataException($"Line {Number(number)} of the script expects \"{line}\", and {what}.");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Octets were taken for characters one by one.
    private static string Decode(string text) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text));

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unescape(string text)
    {
        StringBuilder octets = new();
        for (int i = 0; i < text.Length; i++)
        {
            bool isEscape = text[i] == '\\' && i + 1 < text.Length;
            octets.Append(!isEscape ? text[i] : text[++i] switch { 'r' => '\r', 'n' => '\n', var other => other });
        }
        return octets.ToString();
    }
}
