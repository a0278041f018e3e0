using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Framing;

/// <summary>Command lines in any segmentation, against a slow reader.</summary>
public sealed class CommandReaderTests
{
    private const int Limit = 12;

    private static readonly Gen<string> Input = Gen.OneOf(
            Gen.OneOf("\r", "\n", "\r\n", "\r\r\n", "\n\r\n", "NOOP", "0123456789", "01234567890"),
            Gen.String[Gen.OneOf('a', 'b', '\r', '\n'), 0, 16],
            Gen.String[Gen.Const('x'), 0, 40])
        .Select(Gen.OneOf("\r\n", "\r\n", "")).Select((line, end) => line + end).Array[0, 10].Select(string.Concat);

    private static readonly Gen<int[]> Cuts = Gen.Int[0, 200].Array[0, 8];

    [Fact]
    public void Lines_are_found_and_refused_as_the_oracle_has_it_at_every_octet() => Input.Sample(
        input => Check(input, Enumerable.Range(1, input.Length)), iter: 5000);

    [Fact]
    public void Lines_are_found_and_refused_alike_in_any_segmentation() => Input.Select(Cuts).Sample(
        (input, cuts) => Check(input, cuts.Where(cut => cut <= input.Length).Order()), iter: 20_000);

    [Fact]
    public void Every_string_of_eight_of_CR_LF_and_a_letter_is_read_as_the_oracle_has_it()
    {
        for (int i = 0; i < 6561; i++)
        {
            int left = i;
            string input = "";
            for (int j = 0; j < 8; j++, left /= 3) input += "\r\na"[left % 3];
            Check(input, [], limit: 5);
            Check(input, Enumerable.Range(1, 8), limit: 5);
        }
    }

    [Theory]
    [InlineData("NOOP\r\n", "NOOP")]
    [InlineData("\r\nQUIT\r\n", "|QUIT")]
    [InlineData("0123456789\r\nQUIT\r\n", "0123456789|QUIT")]
    [InlineData("01234567890\r\nQUIT\r\n", "too long|QUIT")]
    [InlineData("NOOP\nRCPT\r\nQUIT\r\n", "bare|QUIT")]
    [InlineData("NOOP\rRCPT\r\nQUIT\r\n", "bare|QUIT")]
    [InlineData("NOOP\r\r\nQUIT\r\n", "bare|QUIT")]
    [InlineData("01234567890\nMAIL\n\r\nQUIT\r\n", "too long|QUIT")]
    [InlineData("01234567890", "too long")]
    [InlineData("0123456789", "")]
    public void The_oracle_is_right(string input, string events) => Assert.Equal(events, string.Join('|', Oracle(input, Limit)));

    private static void Check(string input, IEnumerable<int> ends, int limit = Limit)
    {
        CommandReader reader = default;
        List<string> events = [];
        List<byte> unread = [];
        int start = 0;
        foreach (int end in (IEnumerable<int>)[.. ends, input.Length])
        {
            unread.AddRange(Encoding.Latin1.GetBytes(input[start..end]));
            start = end;
            ReadAll(ref reader, unread, limit, events);
            // No more is kept than a line may have, and no later than its octet comes is an event known.
            Assert.True(unread.Count < limit, $"{unread.Count} octets kept");
            Assert.Equal(Oracle(input[..end], limit), events);
        }
    }

    private static void ReadAll(ref CommandReader reader, List<byte> unread, int limit, List<string> events)
    {
        while (true)
        {
            byte[] input = [.. unread];
            LineStatus status = reader.Read(input, limit, out int consumed, out int length);
            unread.RemoveRange(0, consumed);
            if (status is LineStatus.NeedInput) return;
            if (status is LineStatus.Line) events.Add(Encoding.Latin1.GetString(input, 0, length));
            if (status is LineStatus.TooLong) events.Add("too long");
            if (status is LineStatus.BareCrOrLf) events.Add("bare");
        }
    }

    private static List<string> Oracle(string input, int limit)
    {
        List<string> events = [];
        int start = 0;
        while (true)
        {
            int end = start;
            while (end < input.Length && input[end] is not ('\r' or '\n')) end++;
            bool isTooLong = end - start + "\r\n".Length > limit;
            bool isUnknown = end == input.Length || (input[end] == '\r' && end + 1 == input.Length);
            if (!isTooLong && isUnknown) return events;
            bool isLine = !isTooLong && input.AsSpan(end).StartsWith("\r\n");
            events.Add(isLine ? input[start..end] : isTooLong ? "too long" : "bare");
            // What is left of a refused line goes up to its CRLF; the bare octet itself is no part of that.
            int next = input.IndexOf("\r\n", isLine || isTooLong ? end : end + 1, StringComparison.Ordinal);
            if (next < 0) return events;
            start = next + 2;
        }
    }
}
