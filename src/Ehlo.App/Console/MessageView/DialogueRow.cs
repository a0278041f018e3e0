using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ehlo.App.Inbox;

namespace Ehlo.App.Console.MessageView;

/// <summary>A line of the dialogue as it is shown.</summary>
/// <param name="State">The session's state after it, where the line changed it; else null.</param>
/// <param name="Waited">How long the line came after the one before.</param>
internal sealed record DialogueRow(DialogueLine Line, TimeSpan Since, TimeSpan Waited, string? State)
{
    /// <summary>Follows the dialogue as the session did: a reply answers the oldest command without one, and a good one moves the state.</summary>
    public static IReadOnlyList<DialogueRow> Of(IReadOnlyList<DialogueLine> dialogue)
    {
        var rows = new List<DialogueRow>(dialogue.Count);
        var session = new FollowedSession();
        for (int i = 0; i < dialogue.Count; i++)
        {
            DialogueLine line = dialogue[i];
            string before = session.ToString();
            session.Hear(line);
            string after = session.ToString();
            rows.Add(new DialogueRow(line, line.At - dialogue[0].At, i == 0 ? TimeSpan.Zero : line.At - dialogue[i - 1].At, after == before ? null
                : after));
        }
        return rows;
    }

    /// <summary>The state of the session, in words, as far as the dialogue tells.</summary>
    private sealed class FollowedSession
    {
        private readonly Queue<string> _commands = new();
        private string _state = "";
        private string _tls = "";
        private string _identity = "";
        private int _recipients;
        private bool _isContent;

        public void Hear(DialogueLine line)
        {
            string text = line.Line;
            if (line.From == "client")
            {
                // A line after a 3yz reply goes on with its command.
                if (_commands.Count == 0 || !_isContent)
                {
                    _commands.Enqueue(text);
                }
                _isContent = false;
                return;
            }
            if (text.StartsWith('['))
            {
                _tls = text.StartsWith("[TLS ", StringComparison.Ordinal) ? $"{text[1..8]}" : _tls;
                return;
            }
            if (text.Length < 3 || !int.TryParse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int code)
                || text is [_, _, _, '-', ..])
            {
                return;
            }
            if (code is >= 300 and < 400)
            {
                _isContent = true;
                _state = _commands.Count > 0 && Verb(_commands.Peek()) == "DATA" ? $"content, {Recipients()}" : _state;
                return;
            }
            Answer(_commands.Count > 0 ? _commands.Dequeue() : "", code is >= 200 and < 300);
        }

        public override string ToString() => string.Join(", ", new[] { _state, _tls, _identity }.Where(part => part.Length > 0));

        private static string Verb(string command)
        {
            int space = command.IndexOf(' ', StringComparison.Ordinal);
            return (space < 0 ? command : command[..space]).ToUpperInvariant();
        }

        private void Answer(string command, bool isPositive)
        {
            if (!isPositive)
            {
                // A refused end of content ends the transaction too.
                _state = Verb(command) is "DATA" ? "ready" : _state;
                return;
            }
            switch (Verb(command))
            {
                case "" when _state.Length == 0:
                    _state = "greeted";
                    break;
                case "EHLO" or "HELO" or "LHLO" or "RSET" or "DATA":
                    (_state, _recipients) = ("ready", 0);
                    break;
                case "STARTTLS":
                    (_state, _identity, _recipients) = ("greeted", "", 0);
                    break;
                case "AUTH":
                    _identity = "logged in";
                    break;
                case "MAIL":
                    _state = "sender given";
                    break;
                case "RCPT":
                    _recipients++;
                    _state = Recipients();
                    break;
                case "BDAT" when command.EndsWith(" LAST", StringComparison.OrdinalIgnoreCase):
                    (_state, _recipients) = ("ready", 0);
                    break;
                case "BDAT":
                    _state = $"content, {Recipients()}";
                    break;
            }
        }

        private string Recipients() => _recipients == 1 ? "1 recipient" : string.Create(CultureInfo.InvariantCulture, $"{_recipients} recipients");
    }
}
