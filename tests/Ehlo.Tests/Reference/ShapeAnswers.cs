using System;
using System.Collections.Generic;
using System.Text;
using Ehlo.Protocol;
using Ehlo.Sasl;

namespace Ehlo.Tests.Reference;

/// <summary>
/// The user's class of the exhaustive check: answers as <see cref="Shape"/> says, and notes its calls as <see cref="Calls"/> names them.
/// It stands behind the session without I/O and behind the driver.
/// </summary>
internal sealed class ShapeAnswers
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(Wire.Content[..^".\r\n".Length]);
    private static readonly byte[] Chunk = Encoding.ASCII.GetBytes(Wire.Chunk);
    private static readonly byte[] RefusedChunk = Encoding.ASCII.GetBytes(Wire.RefusedChunk);

    private static readonly string[] Resets = Array.ConvertAll(Enum.GetValues<ResetCause>(), cause => $"OnReset({cause})");

    private readonly List<byte> _content = [];

    public List<string> Seen { get; } = [];

    public static Reply Connect() => new(220, "ready");

    public Reply Hello(Hello hello)
    {
        string call = (hello.Verb, hello.Name) switch
        {
            ("EHLO", "a.example") => Calls.HelloEhlo,
            ("EHLO", "refused.example") => Calls.HelloRefusedEhlo,
            ("LHLO", "a.example") => Calls.HelloLhlo,
            ("LHLO", "refused.example") => Calls.HelloRefusedLhlo,
            ("HELO", "b.example") => Calls.HelloHelo,
            _ => $"OnHello({hello.Verb} {hello.Name})",
        };
        Seen.Add(call);
        return call is Calls.HelloRefusedEhlo or Calls.HelloRefusedLhlo ? Reply.Refuse("Not you") : new(250, "Hello");
    }

    public Reply Mail(MailTransaction transaction)
    {
        Seen.Add(transaction.ReversePath.Address == Wire.Sender ? Calls.Mail : $"OnMail({transaction.ReversePath})");
        return Reply.Ok();
    }

    public Reply Rcpt(Recipient recipient)
    {
        bool isRefused = recipient.Path.Address == Wire.RefusedRecipient;
        Seen.Add(isRefused || recipient.Path.Address == Wire.AcceptedRecipient ? Calls.Rcpt : $"OnRcpt({recipient})");
        return isRefused ? Reply.Refuse("Not here") : Reply.Ok();
    }

    public Reply Data()
    {
        Seen.Add(Calls.Data);
        return Reply.Ok();
    }

    public AuthenticationResult Authenticate(AuthenticationRequest request)
    {
        bool isRight = request is PasswordRequest { AuthenticationIdentity: Wire.Identity, Password: "secret" };
        Seen.Add(isRight ? Calls.Authenticate : "OnAuthenticate with another password");
        return AuthenticationResult.Accept(Wire.Identity);
    }

    public void MessageStarted()
    {
        _content.Clear();
        Seen.Add(Calls.MessageStarted);
    }

    public void MessageGoesOn(ReadOnlySpan<byte> octets) => _content.AddRange(octets);

    public Reply MessageCompleted(MailTransaction transaction)
    {
        byte[] content = [.. _content];
        bool isRefused = content.AsSpan().EndsWith(RefusedChunk);
        bool isWhole = isRefused ? IsChunks(content.AsSpan(..^RefusedChunk.Length)) : content.AsSpan().SequenceEqual(Content);
        Seen.Add(isWhole ? Calls.MessageCompleted : $"OnMessage completed with other content: {Encoding.Latin1.GetString(content)}");
        if (isRefused) return new(554, "Not this");
        if (transaction.RecipientReplies is { } replies) TellEveryOther(replies, transaction.Recipients);
        return Reply.Ok();
    }

    // The others are left to what the method returns.
    private static void TellEveryOther(RecipientReplies replies, IReadOnlyList<Recipient> recipients)
    {
        for (int i = 1; i < recipients.Count; i += 2) replies.Set(recipients[i], new(Wire.OtherRecipientsReply, "Not now"));
    }

    public void MessageAborted() =>
        Seen.Add(IsChunks([.. _content]) ? Calls.MessageAborted : "OnMessage aborted with other content");

    public void Reset(ResetCause cause) => Seen.Add(Resets[(int)cause]);

    private static bool IsChunks(ReadOnlySpan<byte> content)
    {
        while (content.StartsWith(Chunk)) content = content[Chunk.Length..];
        return content.IsEmpty;
    }

    /// <summary>Whether a session class behind the session would be in OnMessageAsync is known to its driver, so it is told.</summary>
    public static SessionState Remembered(ServerSession session, bool isInMessage) => new(
        session.Hello is { } hello ? $"{hello.Verb} {hello.Name}" : null,
        session.Identity?.Name,
        session.Transaction is not null,
        session.Transaction?.Recipients.Count ?? 0,
        isInMessage,
        isInMessage ? session.Transaction?.ContentOctets ?? -1 : 0);

    /// <summary>Reads what the server wrote into codes and classes of enhanced codes. A line that is not a reply line is reply 0.</summary>
    public static (List<int> Replies, List<int?> Enhanced) ReadReplies(ReadOnlySpan<byte> output)
    {
        (List<int> replies, List<int?> enhanced) = ([], []);
        bool goesOn = false;
        while (!output.IsEmpty)
        {
            int end = output.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = end < 0 ? "0"u8 : output[..end];
            output = end < 0 ? default : output[(end + 2)..];
            int code = line.Length >= 4 && line[3] is (byte)' ' or (byte)'-'
                ? ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0'
                : 0;
            bool hasEnhanced = line.Length > 9 && line[5] == '.' && line[7] == '.' && line[9] == ' ';
            int first = hasEnhanced ? line[4] - '0' : 0;
            // RFC 5321 section 4.2.1: every line of a reply has its code; RFC 2034 section 4: and its enhanced code.
            if (goesOn && (replies[^1] != code || enhanced[^1] != first)) code = 0;
            if (!goesOn || code == 0)
            {
                replies.Add(code);
                enhanced.Add(first);
            }
            goesOn = code != 0 && line[3] == '-';
        }
        return (replies, enhanced);
    }
}
