using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ehlo.App.Inbox;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

public sealed class DialogueRecorderTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly DialogueRecorder _recorder;

    public DialogueRecorderTests() => _recorder = new DialogueRecorder(_time);

    [Fact]
    public void A_message_shows_the_lead_of_its_connection_and_its_own_transaction()
    {
        Server("220 mx ESMTP");
        Hello("EHLO a", "250-mx", "250 STARTTLS");
        Client("STARTTLS");
        Server("220 2.0.0 Go ahead");
        _recorder.Note("TLS 1.3");
        Hello("EHLO a", "250 mx");
        Turn("NOOP", "250 2.0.0 OK");
        Message("1");
        Client("RSET");
        _recorder.EndTransaction();
        Server("250 2.0.0 OK");
        Message("2");
        Assert.Equal(
            [
                "S 220 mx ESMTP", "C EHLO a", "S 250-mx", "S 250 STARTTLS", "C STARTTLS", "S 220 2.0.0 Go ahead", "S [TLS 1.3]", "C EHLO a",
                "S 250 mx", "C MAIL FROM:<2@x>", "S 250 2.1.0 OK", "C RCPT TO:<2@y>", "S 250 2.1.5 OK", "C DATA", "S 354 Go on",
            ],
            Lines());
    }

    [Fact]
    public void A_hello_replaces_the_one_before_and_a_refused_one_is_not_kept()
    {
        Server("220 mx");
        Hello("EHLO first", "250 mx");
        Hello("EHLO second", "250 mx");
        Turn("EHLO", "501 Syntax");
        Turn("MAIL FROM:<a@b>", "250 OK", _recorder.BeginTransaction);
        Client("RCPT TO:<c@d>");
        Assert.Equal(["S 220 mx", "C EHLO second", "S 250 mx", "C MAIL FROM:<a@b>", "S 250 OK", "C RCPT TO:<c@d>"], Lines());
    }

    [Fact]
    public void A_hello_in_a_transaction_ends_it_and_stays()
    {
        Server("220 mx");
        Hello("EHLO first", "250 mx");
        Turn("MAIL FROM:<a@b>", "250 OK", _recorder.BeginTransaction);
        Client("EHLO second");
        _recorder.NewHello();
        _recorder.EndTransaction();
        Server("250 mx");
        Turn("MAIL FROM:<c@d>", "250 OK", _recorder.BeginTransaction);
        Assert.Equal(["S 220 mx", "C EHLO second", "S 250 mx", "C MAIL FROM:<c@d>", "S 250 OK"], Lines());
    }

    [Theory]
    [InlineData("AUTH PLAIN AGEAYg==", "AUTH PLAIN ***")]
    [InlineData("auth plain AGEAYg==\r\n", "auth plain ***")]
    [InlineData("  AUTH  PLAIN  AGEAYg==", "AUTH  PLAIN ***")]
    [InlineData("AUTH LOGIN", "AUTH LOGIN")]
    public void An_initial_response_is_masked(string line, string shown)
    {
        Client(line);
        Server("235 2.7.0 OK");
        Assert.Equal([$"C {shown}", "S 235 2.7.0 OK"], Lines());
    }

    [Fact]
    public void Responses_are_masked_and_a_cancellation_is_not()
    {
        Client("AUTH LOGIN");
        Server("334 VXNlcm5hbWU6");
        Client("YQ==");
        Server("334 UGFzc3dvcmQ6");
        Client("*");
        Server("501 5.7.0 Cancelled");
        Assert.Equal(["C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C ***", "S 334 UGFzc3dvcmQ6", "C *", "S 501 5.7.0 Cancelled"], Lines());
    }

    [Fact]
    public void Responses_sent_after_a_refused_AUTH_are_masked_too()
    {
        Turn("MAIL FROM:<a@b>", "250 OK", _recorder.BeginTransaction);
        Turn("AUTH LOGIN", "503 5.5.1 In a transaction");
        Turn("cGFzc3dvcmQ=", "500 5.5.2 What?");
        Turn("RCPT TO:<c@d>", "250 OK");
        Turn("WHAT", "500 5.5.2 What?");
        Assert.DoesNotContain(Lines(), line => line.Contains("cGFz", StringComparison.Ordinal));
        Assert.Contains("C ***", Lines());
        Assert.Contains("C WHAT", Lines());
    }

    [Theory]
    [InlineData(1_000, 20)]
    [InlineData(20_000, 40)]
    [InlineData(2_000, 5_000)]
    public void A_dialogue_is_bounded_with_its_middle_left_out(int recipients, int octets)
    {
        Server("220 mx");
        Hello("EHLO a", "250 mx");
        Turn("MAIL FROM:<a@b>", "250 OK", _recorder.BeginTransaction);
        for (int i = 0; i < recipients; i++)
        {
            Turn($"RCPT TO:<{i}@{new string('"', octets)}>", "250 2.1.5 OK");
        }
        Turn("DATA", "354 Go on");
        IReadOnlyList<DialogueLine> lines = _recorder.Snapshot();
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(lines, Json).Length, 30_000, DialogueRecorder.MaxOctets);
        DialogueLine marker = Assert.Single(lines, line => line.Line.EndsWith("lines left out]", StringComparison.Ordinal));
        int leftOut = int.Parse(marker.Line.TrimStart('[').Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.Equal(1 + 2 + 2 + (2 * recipients) + 2, leftOut + lines.Count - 1);
        Assert.Equal("MAIL FROM:<a@b>", lines[3].Line);
        Assert.Equal("354 Go on", lines[^1].Line);
    }

    [Fact]
    public void A_lead_is_bounded_by_leaving_out_the_oldest_logins()
    {
        Server("220 mx");
        for (int i = 0; i < 1000; i++)
        {
            Turn($"AUTH PLAIN {i}", $"535 5.7.8 No {i}");
        }
        Hello("EHLO a", "250 mx");
        Turn("MAIL FROM:<a@b>", "250 OK", _recorder.BeginTransaction);
        string[] lines = Lines();
        Assert.Equal("S 220 mx", lines[0]);
        Assert.Matches("^S \\[\\d+ lines left out\\]$", lines[1]);
        Assert.Contains("C EHLO a", lines);
        Assert.True(lines.Length < 300);
    }

    [Fact]
    public void Each_line_has_its_time()
    {
        Server("220 mx");
        _time.Advance(TimeSpan.FromSeconds(2));
        Hello("EHLO a", "250 mx");
        Assert.Equal([0, 2, 2], _recorder.Snapshot().Select(line => (int)(line.At - DateTimeOffset.UnixEpoch).TotalSeconds));
    }

    [Theory]
    [InlineData("Grüße €", "Grüße €")]
    [InlineData("a\tb\0\u007f", "a\\x09b\\x00\\x7F")]
    [InlineData("a\u202Eb", "a\\xE2\\x80\\xAEb")]
    [InlineData("a\u0085", "a\\xC2\\x85")]
    [InlineData("a\rb\r\n", "a\\x0Db")]
    public void What_does_not_print_is_shown_in_hexadecimal(string line, string shown) =>
        Assert.Equal(shown, DialogueText.Show(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void What_is_not_UTF8_is_shown_in_hexadecimal() =>
        Assert.Equal("a\\xE9\\xFFb", DialogueText.Show([(byte)'a', 0xE9, 0xFF, (byte)'b']));

    [Theory]
    [InlineData(999)]
    [InlineData(998)]
    [InlineData(997)]
    public void A_long_line_is_cut_between_characters(int before)
    {
        string shown = DialogueText.Show(Encoding.UTF8.GetBytes(new string('a', before) + "€€€"));
        Assert.EndsWith($"… ({before + 9} octets)", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\\x", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Octets_that_take_four_characters_do_not_make_a_line_longer() =>
        Assert.InRange(DialogueText.Show(new byte[5000]).Length, 1000, 1030);

    private void Client(string line) => _recorder.Client(Encoding.UTF8.GetBytes(line));

    private void Server(string line) => _recorder.Server(Encoding.UTF8.GetBytes(line));

    private void Turn(string client, string server, Action? then = null)
    {
        Client(client);
        then?.Invoke();
        Server(server);
    }

    private void Hello(string client, params string[] replies)
    {
        Client(client);
        _recorder.NewHello();
        foreach (string reply in replies)
        {
            Server(reply);
        }
    }

    private void Message(string name)
    {
        Turn($"MAIL FROM:<{name}@x>", "250 2.1.0 OK", _recorder.BeginTransaction);
        Turn($"RCPT TO:<{name}@y>", "250 2.1.5 OK");
        Turn("DATA", "354 Go on");
    }

    private string[] Lines() => [.. _recorder.Snapshot().Select(line => $"{(line.From == "client" ? 'C' : 'S')} {line.Line}")];
}
