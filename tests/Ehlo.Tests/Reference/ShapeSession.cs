using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Protocol;
using Ehlo.Sasl;

namespace Ehlo.Tests.Reference;

/// <summary>The session without I/O, sent shapes. As lean as can be: it is made three million times.</summary>
internal sealed class ShapeSession
{
    private static readonly byte[][] Commands = [.. Sequences.Shapes.Select(shape => Encoding.ASCII.GetBytes(Wire.Command(shape)))];
    private static readonly byte[][] LmtpCommands =
        [.. Sequences.Shapes.Select(shape => Encoding.ASCII.GetBytes(Wire.Command(shape, isLmtp: true)))];

    private static readonly byte[] Content = Encoding.ASCII.GetBytes(Wire.Content);

    private readonly ArrayBufferWriter<byte> _output;
    private readonly ServerSession _session;
    private readonly ShapeAnswers _answers = new();
    private readonly byte[] _input;
    private readonly bool _isLmtp;
    private int _length;
    private bool _isInMessage;

    /// <param name="options">Of the session.</param>
    /// <param name="output">May have been another's before.</param>
    /// <param name="input">Of 128 octets at least, and may have been another's too.</param>
    public ShapeSession(ServerSessionOptions options, ArrayBufferWriter<byte> output, byte[] input)
    {
        (_output, _input, _isLmtp) = (output, input, options.Protocol is MailProtocol.Lmtp);
        _session = new(options) { AuthenticationKinds = AuthenticationKinds.Password };
        Run();
    }

    /// <summary>Sends a shape, and forgets what was seen before.</summary>
    public void Send(Shape shape)
    {
        _output.ResetWrittenCount();
        _answers.Seen.Clear();
        Feed((_isLmtp ? LmtpCommands : Commands)[(int)shape]);
        if (shape is Shape.Data && _output.WrittenSpan.StartsWith("354"u8)) Feed(Content);
    }

    /// <summary>What was seen of the shape that was sent last.</summary>
    public Observation Observe()
    {
        (List<int> replies, List<int?> enhanced) = ShapeAnswers.ReadReplies(_output.WrittenSpan);
        return new(replies, enhanced, [.. _answers.Seen], ShapeAnswers.Remembered(_session, _isInMessage));
    }

    private void Feed(byte[] octets)
    {
        octets.CopyTo(_input, _length);
        _length += octets.Length;
        Run();
    }

    private void Run()
    {
        while (true)
        {
            SessionStep step = _session.Read(_input.AsSpan(0, _length), out int consumed, _output);
            Consume(consumed);
            switch (step)
            {
                case SessionStep.NeedInput or SessionStep.Closed: return;
                case SessionStep.Decide:
                    _session.Answer(Decide(_session.Pending), _output);
                    break;
                case SessionStep.Authenticate:
                    _session.Answer(_answers.Authenticate(_session.PendingAuthentication!), _output);
                    break;
                case SessionStep.Content:
                    if (ReadContent() is ContentProgress.NeedInput) return;
                    break;
                case SessionStep.Reset:
                    if (_isInMessage) _answers.MessageAborted();
                    _isInMessage = false;
                    _answers.Reset(_session.Cause);
                    _session.CompleteReset(_output);
                    break;
            }
        }
    }

    private Reply Decide(PendingDecision pending) => pending.Kind switch
    {
        Decision.Connect => ShapeAnswers.Connect(),
        Decision.Hello => _answers.Hello(pending.Hello),
        Decision.Mail => _answers.Mail(pending.Mail),
        Decision.Rcpt => _answers.Rcpt(pending.Recipient),
        Decision.Data => _answers.Data(),
        _ => throw new InvalidOperationException($"No shape asks for {pending.Kind}."),
    };

    private ContentProgress ReadContent()
    {
        ContentProgress progress = _session.ReadContent(_input.AsSpan(0, _length), out int consumed, out int length, _output);
        if (length > 0 || progress is not ContentProgress.NeedInput)
        {
            if (!_isInMessage) _answers.MessageStarted();
            _isInMessage = true;
            _answers.MessageGoesOn(_input.AsSpan(0, length));
        }
        Consume(consumed);
        if (progress is ContentProgress.EndOfChunk) _session.CompleteChunk(null, _output);
        if (progress is ContentProgress.End)
        {
            _isInMessage = false;
            _session.CompleteContent(_answers.MessageCompleted(_session.Transaction!), _output);
        }
        return progress;
    }

    private void Consume(int octets)
    {
        _length -= octets;
        if (octets > 0 && _length > 0) _input.AsSpan(octets, _length).CopyTo(_input);
    }
}
