using System;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>Shows commands to a trace without the secrets that they may hold.</summary>
internal struct CommandTrace
{
    private bool _mayBeSecret; // After AUTH: its client may send responses that nobody asked for.

    public void Show(ISessionTrace? trace, Verb verb, ReadOnlySpan<byte> line)
    {
        if (trace is null) return;
        ReadOnlySpan<byte> text = line.Trim(" \t"u8);
        if (text.Length >= 4 && Ascii.EqualsIgnoreCase(text[..4], "AUTH"))
        {
            _mayBeSecret = true;
            ShowAuth(trace, text);
            return;
        }
        // What is no command behind a refused AUTH may be the response that its client did not wait to send.
        trace.Received(_mayBeSecret && verb is Verb.Unknown ? "***"u8 : line);
        _mayBeSecret &= verb is Verb.Unknown;
    }

    // The mechanism's name is shown, the initial response is not.
    private static void ShowAuth(ISessionTrace trace, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> argument = text["AUTH".Length..].Trim(" \t"u8);
        int blank = argument.IndexOfAny((byte)' ', (byte)'\t');
        trace.Received(blank < 0 ? text : Encoding.UTF8.GetBytes($"AUTH {Encoding.UTF8.GetString(argument[..blank])} ***"));
    }
}
