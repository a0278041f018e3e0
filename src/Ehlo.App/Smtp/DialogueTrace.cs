using System;
using System.Globalization;
using Ehlo.App.Inbox;
using Ehlo.App.Sessions;
using Ehlo.Protocol;

namespace Ehlo.App.Smtp;

/// <summary>Shows a connection's dialogue to its recorder, and to those who look on while it goes on.</summary>
internal sealed class DialogueTrace : ISessionTrace
{
    private readonly Traffic _traffic;
    private long _contentOctets;

    public DialogueTrace(TimeProvider time, LiveSession session, Traffic traffic)
    {
        Session = session;
        Recorder = new DialogueRecorder(time, session.Say);
        _traffic = traffic;
    }

    public DialogueRecorder Recorder { get; }

    public LiveSession Session { get; }

    public void Received(ReadOnlySpan<byte> line)
    {
        NoteContent();
        Recorder.Client(line);
    }

    public void Sent(ReadOnlySpan<byte> line)
    {
        NoteContent();
        Recorder.Server(line);
        if (RefusalCode(line) is not { } code) return;
        Session.Update(1, static (ref facts, one) => facts.Refusals += one);
        _traffic.Refuse(code);
    }

    public void ReceivedContent(long octets) => _contentOctets += octets;

    /// <summary>Shows what came of the content since the last line; called before a dialogue is taken that ends with it.</summary>
    public void NoteContent()
    {
        if (_contentOctets == 0) return;
        Recorder.Note(string.Create(CultureInfo.InvariantCulture, $"{_contentOctets} octets of content"));
        _contentOctets = 0;
    }

    // Of the last line of a reply: three digits and a space, or nothing more.
    private static int? RefusalCode(ReadOnlySpan<byte> line)
    {
        bool isRefusal = line.Length >= 3 && (line[0] is (byte)'4' or (byte)'5') && (line.Length == 3 || line[3] is not (byte)'-');
        return isRefusal && int.TryParse(line[..3], NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null;
    }
}
