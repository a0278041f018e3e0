using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Tests.Support;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>
/// A connection to our own session, without a socket, that does one thing wrong. Everything happens within a write; a read that finds
/// nothing would wait for ever, and says so at once as a wait that ended.
/// </summary>
internal sealed class BrokenServer : Stream
{
    private readonly SessionHarness _server;
    private readonly Fault _fault;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _content = new();
    private string _input = "";
    private int _taken;
    private long _chunk;
    private bool _isClosed;

    public BrokenServer(ServerSessionOptions options, SessionScript script, Fault fault)
    {
        _fault = fault;
        _server = new(options, script);
        Say(Fault.Connect, Taken());
    }

    public ServerSession Session => _server.Session;

    /// <summary>The commands so far, each with its line end.</summary>
    public string Heard { get; private set; } = "";

    /// <summary>The content so far of the message under way.</summary>
    public string Content => _content.ToString();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The handshake of STARTTLS, of which only its outcome is played.</summary>
    public Task<(Stream Stream, SslProtocols Version)> SecureAsync()
    {
        if (!_server.AwaitsHandshake || _fault.TlsVersion == SslProtocols.None) throw new AuthenticationException("No handshake.");
        if (!_fault.KeepsInput) _input = "";
        _server.Handshake();
        Run();
        return Task.FromResult(((Stream)this, _fault.TlsVersion));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_output.Length == 0) return _isClosed ? new(0) : throw new OperationCanceledException();
        int count = Math.Min(buffer.Length, _output.Length);
        Encoding.Latin1.GetBytes(_output.ToString(0, count), buffer.Span);
        _output.Remove(0, count);
        return new(count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        string octets = Encoding.Latin1.GetString(buffer.Span);
        _input += _fault.Reread.Octets?.Replace(octets, _fault.Reread.Replacement) ?? octets;
        Run();
        return default;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Run()
    {
        while (_input.Length > 0 && !_isClosed && !_server.AwaitsHandshake)
        {
            if (Session.State is SessionState.Content)
            {
                int end = _input.IndexOf('\n', StringComparison.Ordinal) + 1;
                Pass(Fault.Content, end == 0 ? _input.Length : end);
            }
            else if (_chunk > 0)
            {
                int octets = (int)Math.Min(_chunk, _input.Length);
                _chunk -= octets;
                Pass(Fault.Chunk, octets);
            }
            else if (_input.IndexOf('\n', StringComparison.Ordinal) is >= 0 and int end)
            {
                Command(_input[..(end + 1)]);
            }
            else if (_fault.NeedsWholeLines)
            {
                _input = "";
                _output.Append("500 5.5.2 Line without its end\r\n");
            }
            else
            {
                return;
            }
        }
    }

    private void Pass(string what, int octets)
    {
        Feed(_input[..octets]);
        _content.Append(_input, 0, octets);
        _input = _input[octets..];
        Say(what, Taken());
    }

    private void Command(string line)
    {
        string command = line.TrimEnd('\r', '\n');
        bool isFaulty = IsFaulty(command);
        Heard += line;
        if (command.StartsWith("MAIL", StringComparison.Ordinal)) _content.Clear();
        _input = _input[line.Length..];
        if (isFaulty && _fault.Answer is { } answer)
        {
            _output.Append(answer);
            return;
        }
        if (isFaulty && _fault.Instead is { } instead)
        {
            string[] lines = _fault.Command.Replace(command, instead).Split('\n');
            Feed(lines[0] + "\r\n");
            string said = Taken();
            foreach (string further in lines.Skip(1)) Feed(further + "\r\n");
            Taken();
            Say(command, said);
            return;
        }
        if (Regex.Match(command, @"^BDAT +(\d{1,18})( |$)", RegexOptions.IgnoreCase) is { Success: true } chunk)
            _chunk = long.Parse(chunk.Groups[1].Value, CultureInfo.InvariantCulture);
        // What follows STARTTLS at once must be seen with it.
        bool isBehind = command == "STARTTLS" && !_fault.KeepsInput;
        Feed(isBehind ? line + _input : line);
        if (isBehind) _input = "";
        Say(command, Taken(), isFaulty);
    }

    private bool IsFaulty(string command) => _fault.Command.IsMatch(command) && _fault.When(this);

    private void Feed(string octets) => _server.Feed(Encoding.Latin1.GetBytes(octets));

    private string Taken()
    {
        string said = Encoding.Latin1.GetString(_server.Output.WrittenSpan[_taken..]);
        _taken = _server.Output.WrittenCount;
        return said;
    }

    private void Say(string command, string said, bool? isFaulty = null)
    {
        if (said.Length > 0 && _fault.Rewrite.Pattern is { } pattern && (isFaulty ?? IsFaulty(command)))
            said = Regex.Replace(said, pattern, _fault.Rewrite.Replacement);
        _output.Append(said);
        if (said.Length > 0 && _fault.Drops?.IsMatch(command) == true && _fault.When(this)) _input = "";
        if (_server.IsClosed && !_fault.StaysOpen) _isClosed = true;
    }
}
