using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;

namespace Ehlo.Tests.Reference;

/// <summary>A connection in memory to a whole server, sent shapes, each after the replies to the one before.</summary>
internal sealed class ShapeConnection(SmtpServer server, SmtpListener listener)
{
    private static readonly byte[][] Commands = [.. Sequences.Shapes.Select(shape => Encoding.ASCII.GetBytes(Wire.Command(shape)))];
    private static readonly byte[][] LmtpCommands =
        [.. Sequences.Shapes.Select(shape => Encoding.ASCII.GetBytes(Wire.Command(shape, isLmtp: true)))];

    private static readonly byte[] Content = Encoding.ASCII.GetBytes(Wire.Content);

    private readonly bool _isLmtp = listener.Protocol is MailProtocol.Lmtp;
    private readonly MemoryConnection _connection = new();
    private readonly byte[] _output = new byte[1024];
    private readonly ShapeAnswers _answers = new();
    private ServerSession? _session;
    private bool _isInMessage;
    private Task _served = Task.CompletedTask;
    private int _length;

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        _served = server.ServeAsync(_connection.Server, listener, new Peer(this));
        await ReadRepliesAsync(1, cancellationToken);
    }

    /// <summary>Sends a shape and waits for as many replies as are expected; one more would be found after the next shape.</summary>
    public async Task<Observation> SendAsync(Shape shape, int expected, CancellationToken cancellationToken)
    {
        _length = 0;
        _answers.Seen.Clear();
        await _connection.Client.WriteAsync((_isLmtp ? LmtpCommands : Commands)[(int)shape], cancellationToken);
        if (shape is Shape.Data)
        {
            await ReadRepliesAsync(1, cancellationToken);
            if (_output.AsSpan().StartsWith("354"u8)) await _connection.Client.WriteAsync(Content, cancellationToken);
        }
        await ReadRepliesAsync(expected, cancellationToken);
        (List<int> replies, List<int?> enhanced) = ShapeAnswers.ReadReplies(_output.AsSpan(0, _length));
        return new(replies, enhanced, [.. _answers.Seen], ShapeAnswers.Remembered(_session!, _isInMessage));
    }

    /// <summary>Loses the connection, and returns what the class saw of that, and what the client saw, which must be nothing.</summary>
    public async Task<string> EndAsync(CancellationToken cancellationToken)
    {
        _answers.Seen.Clear();
        _connection.EndOfClient();
        int octets = await _connection.Client.ReadAsync(_output, cancellationToken);
        await _served.WaitAsync(cancellationToken);
        return string.Join(", ", _answers.Seen) + Encoding.Latin1.GetString(_output, 0, octets);
    }

    public static SmtpSession NewSession(SmtpServerConnection connection)
    {
        ShapeConnection of = ((Peer)connection.RemoteEndPoint!).Of;
        of._session = connection.Protocol;
        return new SessionClass(connection, of);
    }

    private async Task ReadRepliesAsync(int count, CancellationToken cancellationToken)
    {
        while (ShapeAnswers.ReadReplies(_output.AsSpan(0, _length)).Replies.Count < count || !EndsWithReply())
        {
            int octets = await _connection.Client.ReadAsync(_output.AsMemory(_length), cancellationToken);
            if (octets == 0) throw new IOException($"The server closed before {count} replies.");
            _length += octets;
        }
    }

    // The last line has a blank behind its code.
    private bool EndsWithReply()
    {
        ReadOnlySpan<byte> octets = _output.AsSpan(0, _length);
        if (!octets.EndsWith("\r\n"u8)) return false;
        int start = octets[..^2].LastIndexOf("\r\n"u8);
        return octets[(start < 0 ? 0 : start + 2) + 3] == ' ';
    }

    /// <summary>Leads from the server's connection to this one.</summary>
    private sealed class Peer(ShapeConnection of) : System.Net.EndPoint
    {
        public ShapeConnection Of => of;
    }

    private sealed class SessionClass(SmtpServerConnection connection, ShapeConnection of) : SmtpSession(connection)
    {
        private ShapeAnswers Answers => of._answers;

        public override AuthenticationKinds AuthenticationKinds => AuthenticationKinds.Password;

        protected internal override ValueTask<Reply> OnConnectAsync(CancellationToken cancellationToken) => new(ShapeAnswers.Connect());

        protected internal override ValueTask<Reply> OnHelloAsync(Hello hello, CancellationToken cancellationToken) =>
            new(Answers.Hello(hello));

        protected internal override ValueTask<AuthenticationResult> OnAuthenticateAsync(
            AuthenticationRequest request, CancellationToken cancellationToken) => new(Answers.Authenticate(request));

        protected internal override ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
            new(Answers.Mail(transaction));

        protected internal override ValueTask<Reply> OnRcptAsync(
            MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken) => new(Answers.Rcpt(recipient));

        protected internal override ValueTask<Reply> OnDataAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
            new(Answers.Data());

        protected internal override async ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
        {
            of._isInMessage = true;
            Answers.MessageStarted();
            try
            {
                while (true)
                {
                    ReadResult result = await content.ReadAsync(cancellationToken);
                    foreach (ReadOnlyMemory<byte> part in result.Buffer) Answers.MessageGoesOn(part.Span);
                    content.AdvanceTo(result.Buffer.End);
                    if (result.IsCompleted) return Answers.MessageCompleted(transaction);
                }
            }
            catch (ContentAbortedException)
            {
                Answers.MessageAborted();
                throw;
            }
            finally
            {
                of._isInMessage = false;
            }
        }

        protected internal override ValueTask OnResetAsync(ResetCause cause, CancellationToken cancellationToken)
        {
            Answers.Reset(cause);
            return default;
        }

        public override ValueTask DisposeAsync()
        {
            Answers.Seen.Add("Dispose");
            return base.DisposeAsync();
        }
    }
}
