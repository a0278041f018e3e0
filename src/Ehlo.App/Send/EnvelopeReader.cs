using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Ehlo.App.Commands;
using Ehlo.App.Configuration;

namespace Ehlo.App.Send;

/// <summary>Makes an envelope of what was asked for.</summary>
internal sealed class EnvelopeReader(ProgramContext context, List<string> problems)
{
    /// <param name="request">What was asked for.</param>
    /// <param name="isThisMachine">Whether the message stays on this machine, where a recipient need not be named.</param>
    public SendParties? ReadParties(EnvelopeRequest request, bool isThisMachine)
    {
        int before = problems.Count;
        bool isNull = request.From is "" or "<>";
        SendAddress? from = isNull || request.From is null ? LocalUser(isNull) : ReadFrom(request.From);
        List<SendAddress> to = Read("--to", request.To);
        List<SendAddress> cc = Read("--cc", request.Cc);
        List<SendAddress> bcc = Read("--bcc", request.Bcc);
        bool isForNobody = request.To.Length + request.Cc.Length + request.Bcc.Length == 0;
        // Beside `ehlo serve` a bare `ehlo send` is a good first try. Elsewhere it would be a message to a stranger.
        if (isForNobody && isThisMachine) to.Add(LocalUser(isNull: false));
        else if (isForNobody) problems.Add("say whom it is for: --to ADDRESS");
        return problems.Count > before ? null : new()
        {
            ReversePath = isNull ? ReversePath.Null : new(from!.Path.Mailbox!),
            From = from!,
            To = to,
            Cc = cc,
            Bcc = bcc,
        };
    }

    public Envelope? ReadEnvelope(EnvelopeRequest request, SendParties parties)
    {
        int before = problems.Count;
        Notify? notify = ReadNotify(request.Notify);
        ImmutableArray<EsmtpParameter> rcpt = ReadParameters("--rcpt-parameter", request.RcptParameters);
        ImmutableArray<EsmtpParameter> mail = ReadParameters("--mail-parameter", request.MailParameters);
        // Somebody named twice, as in To and Cc, gets it once.
        EnvelopeRecipient[] recipients =
            [.. parties.Recipients.Distinct().Select(path => new EnvelopeRecipient(path) { Notify = notify, Parameters = rcpt })];
        try
        {
            Envelope envelope = new(parties.ReversePath, recipients)
            {
                RequiresSmtpUtf8 = request.UsesSmtpUtf8,
                RequireTls = request.RequiresTls,
                Return = request.Return switch { null => null, "full" => DsnReturn.Full, _ => DsnReturn.Headers },
                EnvelopeId = request.EnvelopeId,
                Parameters = mail,
            };
            return problems.Count > before ? null : envelope;
        }
        catch (ArgumentException)
        {
            problems.Add("--envid is 1 to 100 characters of printable ASCII");
            return null;
        }
    }

    /// <summary>Who uses this machine, as far as it is known; the daemon that sends reports for the null reverse-path.</summary>
    private SendAddress LocalUser(bool isNull)
    {
        string host = HostName.IsValid(context.MachineName) ? context.MachineName : "localhost";
        string user = isNull ? "MAILER-DAEMON" : context.UserName;
        return new(new(Mailbox.TryParse($"{user}@{host}", out Mailbox? mailbox) ? mailbox : Mailbox.Parse($"ehlo@{host}")), "");
    }

    private SendAddress? ReadFrom(string text)
    {
        if (SendAddress.TryParse(text, out IReadOnlyList<SendAddress>? addresses) && addresses is [{ Path.IsPostmaster: false } only]) return only;
        problems.Add($"--from {Shown(text)} is not an address");
        return null;
    }

    private List<SendAddress> Read(string option, string[] texts)
    {
        List<SendAddress> found = [];
        foreach (string text in texts)
        {
            if (SendAddress.TryParse(text, out IReadOnlyList<SendAddress>? addresses)) found.AddRange(addresses);
            else problems.Add($"{option} {Shown(text)} is not an address");
        }
        return found;
    }

    private Notify? ReadNotify(string? text)
    {
        if (text is null) return null;
        Notify all = 0;
        foreach (string word in text.Split(','))
        {
            Notify one = word.Trim().ToUpperInvariant() switch
            {
                "NEVER" => Notify.Never,
                "SUCCESS" => Notify.Success,
                "FAILURE" => Notify.Failure,
                "DELAY" => Notify.Delay,
                _ => 0,
            };
            if (one == 0) problems.Add($"--notify {Shown(word)} is none of never, success, failure and delay");
            all |= one;
        }
        if (all == Notify.Never || !all.HasFlag(Notify.Never)) return all == 0 ? null : all;
        problems.Add("--notify never stands alone");
        return null;
    }

    private ImmutableArray<EsmtpParameter> ReadParameters(string option, string[] texts)
    {
        List<EsmtpParameter> parameters = [];
        foreach (string text in texts)
        {
            string[] parts = text.Split('=', 2);
            try
            {
                parameters.Add(new(parts[0], parts.Length > 1 ? parts[1] : null));
            }
            catch (ArgumentException)
            {
                problems.Add($"{option} {Shown(text)} is not KEYWORD or KEYWORD=VALUE");
            }
        }
        return [.. parameters];
    }

    private static string Shown(string text) => ShownText.Of(text);
}
