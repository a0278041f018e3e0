using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ehlo.Tests.Support;

namespace Ehlo.Fuzz;

/// <summary>What the clients of all transcripts send.</summary>
internal sealed class Corpus
{
    // Longer ones teach the fuzzer nothing that shorter ones do not, and slow it down.
    private const int MaxOctets = 4096;

    private Corpus(IReadOnlyList<byte[]> dialogues)
    {
        Dialogues = [.. dialogues.Where(dialogue => dialogue.Length is > 0 and <= MaxOctets)];
        Lines = [.. Dialogues.SelectMany(dialogue => Encoding.Latin1.GetString(dialogue).Split("\r\n")).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>All that one client sends, of each transcript.</summary>
    public IReadOnlyList<byte[]> Dialogues { get; }

    /// <summary>Each line of them once, without its CRLF, as Latin-1.</summary>
    public IReadOnlyList<string> Lines { get; }

    public static Corpus Read() => new([.. Directory.GetFiles(Transcript.Folder, "*.smtp").Order(StringComparer.Ordinal)
        .Select(path => Transcript.Read(Path.GetFileNameWithoutExtension(path)))
        .Select(transcript => transcript.Turns.SelectMany(turn => turn.Sends).SelectMany(octets => octets).ToArray())]);

    /// <summary>What follows this word at the start of a line.</summary>
    public IEnumerable<string> After(string word) => Lines
        .Where(line => line.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        .Select(line => line[word.Length..])
        .Distinct();

    /// <summary>The arguments of MAIL and RCPT behind their colon.</summary>
    public IEnumerable<string> Paths => After("MAIL FROM:").Concat(After("RCPT TO:")).Distinct();

    public static byte[] Octets(string latin1) => Encoding.Latin1.GetBytes(latin1);
}
