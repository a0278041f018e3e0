using System;
using System.Collections.Generic;
using System.Globalization;

namespace Ehlo.Testing;

/// <summary>
/// A failure by rule: a step, what it is matched with there, and what happens. Made by <see cref="At(FaultStep)"/> and its like, then told more,
/// each time as a new object: <c>Fault.AtRcpt("b@example.org").Reply("452 4.2.2 Full").Once()</c>. Immutable.
/// </summary>
/// <remarks>
/// A pattern is compared with the whole text and without case; <c>*</c> is any run of characters, also none, <c>?</c> is any one, and a
/// backslash takes its meaning from either.
/// </remarks>
public sealed record Fault
{
    /// <summary>
    /// The most that <see cref="Wait"/> can be: an hour. No client waits longer (RFC 5321 section 4.5.3.2 has ten minutes at most).
    /// </summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    private Fault(FaultStep step) => Step = step;

    /// <summary>Where it takes place.</summary>
    public FaultStep Step { get; }

    /// <summary>The pattern of the client's name, as its hello has it; null for every one, and for none.</summary>
    public string? Hello { get; private init; }

    /// <summary>The pattern of the address that <see cref="Step"/> names, without brackets; null for every one.</summary>
    public string? Address { get; private init; }

    /// <summary>What is answered in the place of the step's own reply, or null.</summary>
    public Reply? Answer { get; private init; }

    /// <summary>How long the step waits, before the answer or the disconnect or before it goes on; zero for not at all.</summary>
    public TimeSpan Wait { get; private init; }

    /// <summary>How fast content is read, in octets a second; null for as fast as it comes.</summary>
    public int? OctetsPerSecond { get; private init; }

    /// <summary>Whether the connection is dropped without a reply.</summary>
    public bool Disconnects { get; private init; }

    /// <summary>Octets of content that are read before the connection is dropped; null for all of it.</summary>
    public long? AfterOctets { get; private init; }

    /// <summary>Whether the TLS handshake fails, which the client is told by an alert.</summary>
    public bool FailsTls { get; private init; }

    /// <summary>Whether the message is taken all the same, although the client is told otherwise, or nothing.</summary>
    public bool Keeps { get; private init; }

    /// <summary>How often it takes place at most; null for every time.</summary>
    public int? MaxTimes { get; private init; }

    /// <summary>How probable it is to take place where it matches, above 0 and up to 1.</summary>
    public double Probability { get; private init; } = 1;

    /// <summary>What the chances of <see cref="Probability"/> follow from, so that they repeat; null for others each time.</summary>
    public int? Seed { get; private init; }

    /// <summary>A fault at the greeting.</summary>
    public static Fault AtConnect() => At(FaultStep.Connect);

    /// <summary>A fault at each hello.</summary>
    public static Fault AtHello() => At(FaultStep.Hello);

    /// <summary>A fault at the hello of a client.</summary>
    /// <param name="hello">The pattern of its name.</param>
    public static Fault AtHello(string hello) => AtHello().ForHello(hello);

    /// <summary>A fault at a TLS handshake, an implicit one or that of STARTTLS.</summary>
    public static Fault AtStartTls() => At(FaultStep.StartTls);

    /// <summary>A fault at each login.</summary>
    public static Fault AtAuth() => At(FaultStep.Auth);

    /// <summary>A fault at the login of a user.</summary>
    /// <param name="name">The pattern of the name.</param>
    public static Fault AtAuth(string name) => AtAuth().For(name);

    /// <summary>A fault at each MAIL.</summary>
    public static Fault AtMail() => At(FaultStep.Mail);

    /// <summary>A fault at the MAIL of a reverse-path.</summary>
    /// <param name="reversePath">Its pattern, without brackets; empty for the null reverse-path.</param>
    public static Fault AtMail(string reversePath) => AtMail().For(reversePath);

    /// <summary>A fault at each RCPT.</summary>
    public static Fault AtRcpt() => At(FaultStep.Rcpt);

    /// <summary>A fault at the RCPT of a recipient.</summary>
    /// <param name="recipient">Its pattern, without brackets.</param>
    public static Fault AtRcpt(string recipient) => AtRcpt().For(recipient);

    /// <summary>A fault at each DATA, and at the first chunk of each message in chunks.</summary>
    public static Fault AtData() => At(FaultStep.Data);

    /// <summary>A fault at the DATA, or the first chunk, of a message with a recipient.</summary>
    /// <param name="recipient">Its pattern, without brackets.</param>
    public static Fault AtData(string recipient) => AtData().For(recipient);

    /// <summary>A fault in the content of each message, or at its end.</summary>
    public static Fault AtMessage() => At(FaultStep.Message);

    /// <summary>A fault in the content of a message with a recipient, or at its end.</summary>
    /// <param name="recipient">Its pattern, without brackets.</param>
    public static Fault AtMessage(string recipient) => AtMessage().For(recipient);

    /// <summary>A fault at a step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public static Fault At(FaultStep step)
    {
        if (!Enum.IsDefined(step)) throw new ArgumentOutOfRangeException(nameof(step));
        return new(step);
    }

    /// <summary>Only for an address: see <see cref="FaultStep"/> for which.</summary>
    /// <param name="address">Its pattern, without brackets.</param>
    /// <exception cref="InvalidOperationException">The step has no address.</exception>
    public Fault For(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Step is FaultStep.Connect or FaultStep.Hello or FaultStep.StartTls) throw Wrong($"There is no address to match with at {Step}");
        return this with { Address = address };
    }

    /// <summary>Only for a client.</summary>
    /// <param name="hello">The pattern of the name that its hello gives.</param>
    /// <exception cref="InvalidOperationException">The step is the greeting.</exception>
    public Fault ForHello(string hello)
    {
        ArgumentNullException.ThrowIfNull(hello);
        if (Step is FaultStep.Connect) throw Wrong("There is no hello to match with at Connect");
        return this with { Hello = hello };
    }

    /// <summary>Answers in the place of the step, which has no other effect then.</summary>
    /// <param name="reply">4yz or 5yz with its text, as <c>452 4.2.2 Mailbox full</c> or <c>421 Gone</c>.</param>
    /// <exception cref="FormatException">It is no reply.</exception>
    /// <exception cref="InvalidOperationException">The step cannot be answered so, or the fault disconnects or fails TLS.</exception>
    public Fault Reply(string reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return Reply(ParseReply(reply));
    }

    /// <inheritdoc cref="Reply(string)"/>
    public Fault Reply(Reply reply)
    {
        if (Disconnects || FailsTls) throw Wrong("A fault that disconnects or fails TLS has no reply");
        if (reply.Code is < 400 or >= 600) throw Wrong("The reply of a fault is 4yz or 5yz");
        if (Step is FaultStep.Connect && reply.Code is not (421 or 521 or 554)) throw Wrong("A greeting that turns away is 421, 521 or 554");
        return this with { Answer = reply };
    }

    /// <summary>Waits, by the server's clock, at most until the session ends. Alone it only makes the step slow.</summary>
    /// <param name="wait">Above zero, up to <see cref="MaxWait"/>. In a message, the wait is at its end.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside its range.</exception>
    public Fault Delay(TimeSpan wait)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wait, MaxWait);
        return this with { Wait = wait };
    }

    /// <summary>Reads content no faster than so.</summary>
    /// <param name="octetsPerSecond">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less.</exception>
    /// <exception cref="InvalidOperationException">The step is not <see cref="FaultStep.Message"/>.</exception>
    public Fault Throttle(int octetsPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(octetsPerSecond, 1);
        if (Step is not FaultStep.Message) throw Wrong("Only content is throttled, at Message");
        return this with { OctetsPerSecond = octetsPerSecond };
    }

    /// <summary>
    /// Drops the connection without a reply. What came before is answered; a message is not taken, unless <see cref="Keep"/> says so.
    /// </summary>
    /// <exception cref="InvalidOperationException">The fault has a reply, or fails TLS.</exception>
    public Fault Disconnect()
    {
        if (Answer is not null || FailsTls) throw Wrong("A fault that replies or fails TLS does not disconnect");
        return this with { Disconnects = true };
    }

    /// <summary>Drops the connection within the content.</summary>
    /// <param name="octets">So many octets of content are read before; if there are fewer, all are.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    /// <exception cref="InvalidOperationException">The step is not <see cref="FaultStep.Message"/>, or as <see cref="Disconnect"/>.</exception>
    public Fault DisconnectAfter(long octets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        if (Step is not FaultStep.Message || Keeps) throw Wrong("Octets are counted at Message, where none are kept");
        return Disconnect() with { AfterOctets = octets };
    }

    /// <summary>
    /// Lets the handshake fail: the client is told by the alert handshake_failure, and the connection is closed. At STARTTLS this is after its 220.
    /// </summary>
    /// <exception cref="InvalidOperationException">The step is not <see cref="FaultStep.StartTls"/>, or the fault replies or disconnects.</exception>
    public Fault FailTls()
    {
        if (Step is not FaultStep.StartTls) throw Wrong("TLS fails at StartTls");
        if (Answer is not null || Disconnects) throw Wrong("A fault that replies or disconnects does not fail TLS");
        return this with { FailsTls = true };
    }

    /// <summary>
    /// Takes the message first, and fails then: the client is told otherwise, or nothing, and may well send it again. What is refused anyhow
    /// is refused as ever.
    /// </summary>
    /// <exception cref="InvalidOperationException">The step is not <see cref="FaultStep.Message"/>, or octets are counted.</exception>
    public Fault Keep()
    {
        if (Step is not FaultStep.Message || AfterOctets is not null) throw Wrong("A message is kept at Message, and as a whole");
        return this with { Keeps = true };
    }

    /// <summary>Takes place the first time only.</summary>
    public Fault Once() => Times(1);

    /// <summary>Takes place so often, and then no more.</summary>
    /// <param name="times">At least 1; chances that <see cref="WithProbability(double)"/> lets pass do not count.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less.</exception>
    public Fault Times(int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        return this with { MaxTimes = times };
    }

    /// <summary>Takes place by chance.</summary>
    /// <param name="probability">Above 0, up to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside its range.</exception>
    public Fault WithProbability(double probability)
    {
        if (probability is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(probability), "It is above 0, up to 1.");
        return this with { Probability = probability, Seed = null };
    }

    /// <summary>Takes place by chance, which repeats: the same seed gives the same choices for the same matches in their order.</summary>
    /// <param name="probability">Above 0, up to 1.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside its range.</exception>
    public Fault WithProbability(double probability, int seed) => WithProbability(probability) with { Seed = seed };

    /// <summary>What it does, in a few words, as notes and failure messages have it.</summary>
    public override string ToString()
    {
        List<string> words = [$"at {Step}"];
        if (Address is not null) words.Add($"for <{Address}>");
        if (Hello is not null) words.Add($"of {Hello}");
        string effect = string.Join(", ", Effects());
        return effect.Length == 0 ? string.Join(' ', words) : $"{string.Join(' ', words)}: {effect}";
    }

    /// <summary>Why it cannot be added yet, or null: it does nothing, or keeps a message that is kept anyhow.</summary>
    public string? WhyIncomplete
    {
        get
        {
            bool ends = Answer is not null || Disconnects;
            if (Keeps && !ends) return "a message is kept anyhow, where the fault has neither a reply nor a disconnect";
            return ends || FailsTls || Wait > TimeSpan.Zero || OctetsPerSecond is not null ? null : "the fault has no effect";
        }
    }

    private IEnumerable<string> Effects()
    {
        if (OctetsPerSecond is { } rate) yield return string.Create(CultureInfo.InvariantCulture, $"{rate} octets a second");
        if (Keeps) yield return "message kept";
        if (Wait > TimeSpan.Zero) yield return $"{Wait:c} later";
        if (Answer is { } answer) yield return answer.ToString();
        if (Disconnects)
            yield return "disconnected" + (AfterOctets is { } octets ? string.Create(CultureInfo.InvariantCulture, $" after {octets} octets") : "");
        if (FailsTls) yield return "TLS failed";
    }

    private static InvalidOperationException Wrong(string why) => new($"{why}.");

    private static Reply ParseReply(string text)
    {
        string[] words = text.Split(' ', 3);
        bool isCode = words[0].Length == 3 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        int code = isCode ? int.Parse(words[0], CultureInfo.InvariantCulture) : 0;
        if (code is < 400 or >= 600) throw new FormatException("A reply begins with a code of three digits, 4yz or 5yz.");
        if (words.Length > 1 && TryParseStatus(words[1]) is { } status)
        {
            if (status.Class != code / 100) throw new FormatException($"The enhanced code of {code} is of class {code / 100}.");
            return new(code, status, words.Length > 2 ? words[2] : "");
        }
        return new(code, text.Length > 4 ? text[4..] : "");
    }

    // status-code = class "." subject "." detail; subject and detail have one to three digits. RFC 3463 section 2.
    private static EnhancedStatusCode? TryParseStatus(string text)
    {
        string[] parts = text.Split('.');
        if (parts.Length != 3 || parts[0].Length != 1) return null;
        int[] numbers = new int[3];
        for (int i = 0; i < 3; i++)
        {
            if (parts[i].Length > 3 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return null;
        }
        return numbers[0] is 2 or 4 or 5 ? new(numbers[0], numbers[1], numbers[2]) : null;
    }
}
