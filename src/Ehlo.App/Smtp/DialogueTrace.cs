using System;
using System.Globalization;
using Ehlo.App.Inbox;
using Ehlo.Protocol;

namespace Ehlo.App.Smtp;

/// <summary>Shows a connection's dialogue to its recorder.</summary>
internal sealed class DialogueTrace(DialogueRecorder recorder) : ISessionTrace
{
    private long _contentOctets;

    public DialogueRecorder Recorder => recorder;

    public void Received(ReadOnlySpan<byte> line)
    {
        NoteContent();
        recorder.Client(line);
    }

    public void Sent(ReadOnlySpan<byte> line)
    {
        NoteContent();
        recorder.Server(line);
    }

    public void ReceivedContent(long octets) => _contentOctets += octets;

    /// <summary>Shows what came of the content since the last line; called before a dialogue is taken that ends with it.</summary>
    public void NoteContent()
    {
        if (_contentOctets == 0) return;
        recorder.Note(string.Create(CultureInfo.InvariantCulture, $"{_contentOctets} octets of content"));
        _contentOctets = 0;
    }
}
