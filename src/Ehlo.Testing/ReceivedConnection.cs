using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Threading;
using Ehlo.Protocol;
using Ehlo.Server;

namespace Ehlo.Testing;

/// <summary>
/// A connection that a <see cref="TestSmtpServer"/> has or had, with its dialogue: for assertions, and for the message of a test that failed.
/// </summary>
public sealed class ReceivedConnection
{
    // Some hundred messages with their replies. A test that sends more in one connection looks at the beginning.
    private const int MaxLines = 1000;

    // As long as a reply line may be (RFC 5321 section 4.5.3.1.5); of longer ones the beginning says enough.
    private const int MaxLineOctets = 512;

    private readonly Lock _gate = new();
    private ImmutableList<string> _dialogue = [];
    private long _contentOctets;

    internal ReceivedConnection(SmtpServerConnection connection) => (Id, RemoteEndPoint) = (connection.Id, connection.RemoteEndPoint);

    /// <summary>Unique among the connections of this process.</summary>
    public string Id { get; }

    /// <summary>The client's address.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>Whether it is over.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// What was said so far, as <c>S: 220 …</c> and <c>C: EHLO …</c>, with notes in parentheses, such as <c>(12 octets of content)</c>.
    /// Secrets are masked. At most 1,000 lines.
    /// </summary>
    public IReadOnlyList<string> Dialogue
    {
        get
        {
            lock (_gate) return _dialogue;
        }
    }

    /// <summary>The dialogue as text, a line each.</summary>
    public override string ToString() => string.Join('\n', Dialogue);

    internal void Received(ReadOnlySpan<byte> line) => Add("C: ", line);

    internal void Sent(ReadOnlySpan<byte> line) => Add("S: ", line);

    internal void ReceivedContent(long octets)
    {
        lock (_gate) _contentOctets += octets;
    }

    internal void Note(string text) => Add("", Encoding.UTF8.GetBytes($"({text})"));

    internal void Close()
    {
        Note("closed");
        IsClosed = true;
    }

    private void Add(string mark, ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_contentOctets > 0) Keep(string.Create(CultureInfo.InvariantCulture, $"({_contentOctets} octets of content)"));
            _contentOctets = 0;
            Keep(mark + Encoding.UTF8.GetString(line[..Math.Min(line.Length, MaxLineOctets)]));
        }
    }

    private void Keep(string line)
    {
        if (_dialogue.Count < MaxLines) _dialogue = _dialogue.Add(line);
    }

    /// <summary>Shows a connection's dialogue to what keeps it.</summary>
    internal sealed class Trace(ReceivedConnection connection) : ISessionTrace
    {
        public void Received(ReadOnlySpan<byte> line) => connection.Received(line);

        public void Sent(ReadOnlySpan<byte> line) => connection.Sent(line);

        public void ReceivedContent(long octets) => connection.ReceivedContent(octets);
    }
}
