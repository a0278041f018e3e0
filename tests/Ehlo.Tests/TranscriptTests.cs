using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests;

/// <summary>Each file of Transcripts/, in every segmentation, on the session without I/O and through the driver in memory.</summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Transcript.Folder, "*.smtp").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Turn_by_turn_each_command_has_its_replies(string name)
    {
        string? rewriteTo = Environment.GetEnvironmentVariable("EHLO_REWRITE_TRANSCRIPTS");
        Transcript transcript = Transcript.Read(name, eachLineIsATurn: rewriteTo is not null);
        SessionScript script = transcript.NewScript();
        SessionHarness harness = transcript.NewHarness(script);
        List<(int Line, string[] Replies)> actual = [];
        List<string> problems = [];
        foreach (Transcript.Turn turn in transcript.Turns)
        {
            if (turn.BeginsWithTls) harness.Handshake();
            foreach (byte[] octets in turn.Sends) harness.Feed(octets);
            string[] replies = TakeLines(harness);
            actual.Add((turn.LastLine, replies));
            if (!Matches(turn.Replies, replies))
                problems.Add($"after line {turn.LastLine}:\nexpected {Block(turn.Replies)}\nbut was  {Block(replies)}");
        }
        harness.Disconnect();
        if (rewriteTo is not null) Rewrite(Path.Combine(rewriteTo, name + ".smtp"), actual, Transcript.Shown(script));
        Assert.True(problems.Count == 0, $"{name}.smtp, {string.Join("\n", problems)}");
        Assert.Equal(transcript.Expected, Transcript.Shown(script));
        AssertRepliesAreWellFormed(actual.SelectMany(turn => turn.Replies));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_segmentation_gives_the_same_replies_and_the_same_calls(string name)
    {
        Transcript transcript = Transcript.Read(name);
        (string replies, List<string> calls) = Run(transcript, octets => [octets]);
        (string, List<string>) byOctet = Run(transcript, octets => octets.Select(octet => new[] { octet }));
        Assert.Equal(replies, byOctet.Item1);
        Assert.Equal(calls, byOctet.Item2);
        int longest = Stages(transcript).Max(stage => stage.Octets.Length);
        for (int split = 1; split < longest; split++)
        {
            (string, List<string>) actual = Run(transcript, octets => split < octets.Length ? [octets[..split], octets[split..]] : [octets]);
            if (replies != actual.Item1 || !calls.SequenceEqual(actual.Item2))
                Assert.Fail($"Split at {split}:\n{replies}\n{string.Join('\n', calls)}\n--\n{actual.Item1}\n{string.Join('\n', actual.Item2)}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_driver_says_and_calls_the_same(string name)
    {
        Transcript transcript = Transcript.Read(name);
        if (transcript.Turns.Any(turn => turn.BeginsWithTls)) return; // A real handshake is needed: see TlsTests.
        (string replies, List<string> calls) = Run(transcript, octets => [octets]);
        calls.Add("Dispose");
        foreach (int segment in new[] { int.MaxValue, 1, 7 })
        {
            SessionScript script = transcript.NewScript();
            await using SmtpServer server = transcript.NewServer(script, out SmtpListener listener);
            MemoryConnection connection = new();
            Task served = server.ServeAsync(connection.Server, listener, Transcript.Peer);
            byte[] octets = Stages(transcript).Single().Octets;
            for (int i = 0; i < octets.Length; i += Math.Min(segment, octets.Length - i))
            {
                try
                {
                    ReadOnlyMemory<byte> part = octets.AsMemory(i, Math.Min(segment, octets.Length - i));
                    await connection.Client.WriteAsync(part, TestContext.Current.CancellationToken);
                }
                catch (IOException)
                {
                    break; // The server closed, as the transcript shows.
                }
            }
            connection.EndOfClient();
            using StreamReader reader = new(connection.Client, Encoding.Latin1);
            Assert.Equal(replies, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
            await served;
            Assert.Equal(calls, script.Calls);
        }
    }

    private static (string Replies, List<string> Calls) Run(Transcript transcript, Func<byte[], IEnumerable<byte[]>> segment)
    {
        SessionScript script = transcript.NewScript();
        SessionHarness harness = transcript.NewHarness(script);
        foreach ((bool beginsWithTls, byte[] octets) in Stages(transcript))
        {
            if (beginsWithTls) harness.Handshake();
            foreach (byte[] part in segment(octets)) harness.Feed(part);
        }
        harness.Disconnect();
        return (Encoding.Latin1.GetString(harness.Output.WrittenSpan), script.Calls);
    }

    // What may be sent at once: all of it, but for handshakes between.
    private static List<(bool BeginsWithTls, byte[] Octets)> Stages(Transcript transcript)
    {
        List<(bool, byte[])> stages = [];
        foreach (Transcript.Turn turn in transcript.Turns)
        {
            byte[] octets = [.. turn.Sends.SelectMany(send => send)];
            if (turn.BeginsWithTls || stages.Count == 0) stages.Add((turn.BeginsWithTls, octets));
            else stages[^1] = (stages[^1].Item1, [.. stages[^1].Item2, .. octets]);
        }
        return stages;
    }

    private static string Block(IEnumerable<string> lines) => string.Join("\n         ", lines);

    private static string[] TakeLines(SessionHarness harness)
    {
        string text = Encoding.Latin1.GetString(harness.Output.WrittenSpan);
        harness.Output.Clear();
        return text.Length == 0 ? [] : text[..^2].Split("\r\n");
    }

    private static bool Matches(List<string> expected, string[] actual)
    {
        int i = 0;
        foreach (string line in expected)
        {
            if (line == "...")
            {
                while (i < actual.Length && actual[i - 1][3] == '-') i++;
            }
            else if (i >= actual.Length || actual[i++] != line)
            {
                return false;
            }
        }
        return i == actual.Length;
    }

    // RFC 5321 section 4.2: three digits, then a blank or a hyphen, then printable text; at most 512 octets with CRLF.
    private static void AssertRepliesAreWellFormed(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            Assert.Matches("^[2-5][0-5][0-9]([ -][ -~]*)?$", line);
            Assert.InRange(line.Length, 3, 510);
        }
    }

    // For a change of what is said: EHLO_REWRITE_TRANSCRIPTS=tests/Ehlo.Tests/Transcripts, and then the difference is looked at.
    private static void Rewrite(string path, List<(int Line, string[] Replies)> turns, IEnumerable<string> shown)
    {
        List<string> lines = [.. File.ReadAllLines(path)];
        for (int i = turns.Count - 1; i >= 0; i--)
        {
            int at = turns[i].Line;
            if (at == 0) at = lines.FindIndex(line => line.StartsWith("S:", StringComparison.Ordinal) || line.StartsWith('C'));
            while (at < lines.Count && lines[at].StartsWith("S:", StringComparison.Ordinal)) lines.RemoveAt(at);
            lines.InsertRange(at, turns[i].Replies.Select(reply => "S: " + reply));
        }
        lines.RemoveAll(line => line.StartsWith("= ", StringComparison.Ordinal));
        lines.AddRange(shown.Select(call => "= " + call));
        File.WriteAllLines(path, lines);
    }
}
