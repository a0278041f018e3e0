using System;
using System.Linq;
using Ehlo.Client;

namespace Ehlo.App.Load;

/// <summary>What is to be sent, how, and where.</summary>
internal sealed record LoadSettings
{
    // A process has about as many ports towards one server (the Linux default is 28,232), and one socket for each.
    public const int MaxSessions = 20_000;

    // Days at the rates of one machine; a slip of the keyboard is none.
    public const int MaxMessages = 1_000_000_000;

    // A day.
    public const int MaxSeconds = 86_400;

    // It is held in memory once, and servers in use take 10 to 150 MB.
    public const int MaxOctets = 256 << 20;

    // RFC 5321 section 4.5.3.1.8: what each server takes at least is 100; servers in use take up to 1,000, and more of them a few.
    public const int MaxRecipients = 10_000;

    // What the client library has in flight at most is 256 commands.
    public const int MaxDepth = 256;

    // More than a machine sends.
    public const double MaxRate = 10_000_000;

    public required SmtpDestination Destination { get; init; }

    public SmtpConnectionOptions Connection { get; init; } = new();

    public LoadMode Mode { get; init; }

    public int Sessions { get; init; } = 16;

    /// <summary>How many in all; null where <see cref="Duration"/> says when it is over.</summary>
    public int? Messages { get; init; }

    /// <summary>How long messages are begun; null where <see cref="Messages"/> says how many.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Messages that are sent before it begins, and not counted.</summary>
    public int WarmUp { get; init; }

    /// <summary>Octets of the content, before transparency.</summary>
    public int Octets { get; init; } = 1024;

    public int Recipients { get; init; } = 1;

    /// <summary>Messages over a connection; 0: all.</summary>
    public int PerConnection { get; init; }

    /// <summary>Messages that a session has under way at once.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Messages a second in all; null: as fast as they are answered.</summary>
    public double? Rate { get; init; }

    public string From { get; init; } = "load@example.org";

    public string To { get; init; } = "sink@example.org";

    /// <summary>The envelope of each message. Of several recipients each has a number behind its local-part.</summary>
    /// <exception cref="FormatException">An address is no mailbox.</exception>
    public Envelope MakeEnvelope()
    {
        int at = To.LastIndexOf('@');
        return Recipients == 1 || at < 0
            ? new(From, To)
            : new(From, Enumerable.Range(1, Recipients).Select(number => $"{To[..at]}{number}{To[at..]}"));
    }
}
