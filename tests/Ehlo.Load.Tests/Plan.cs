using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ehlo.Load.Tests;

/// <summary>How many of what, known to both processes; and the messages, so that the server's side can tell whether one is whole.</summary>
internal static class Plan
{
    public const int IdleSessions = 10_000;

    public const int WellBehaved = 500;

    public const int Misbehaving = 500;

    /// <summary>Of each session that behaves well.</summary>
    public const int Messages = 20;

    /// <summary>
    /// What a client waits for one reply. The shortest of RFC 5321 section 4.5.3.2, that for the 354: nothing that behaves well may wait
    /// longer, whatever its neighbours do.
    /// </summary>
    public static readonly TimeSpan ReplyTimeout = TimeSpan.FromMinutes(2);

    /// <summary>The local part of the reverse-path, which names the message.</summary>
    public static string NameOf(int session, int message) => string.Create(CultureInfo.InvariantCulture, $"m{session}-{message}");

    /// <summary>Content of 200 octets to 60,000, most of it short; lines begin with dots here and there.</summary>
    public static byte[] ContentOf(int session, int message)
    {
        int number = (session * Messages) + message;
        int lines = number % 50 == 0 ? 1000 : 3 + (number % 60);
        StringBuilder content = new($"Subject: {NameOf(session, message)}\r\n\r\n");
        for (int i = 0; i < lines; i++)
            content.Append(CultureInfo.InvariantCulture, $"{(i % 7 == 0 ? "." : "")}line {i} of message {number}, and some words to fill it up\r\n");
        return Encoding.UTF8.GetBytes(content.ToString());
    }

    public static string Sum(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content));
}
