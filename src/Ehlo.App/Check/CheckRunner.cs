using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Check;

/// <summary>Runs checks one after another, each on a connection of its own: never more than one connection at a time.</summary>
/// <param name="connect">Gives a new connection.</param>
/// <param name="secure">The handshake of STARTTLS.</param>
/// <param name="settings">What the user said.</param>
internal sealed class CheckRunner(
    Func<CancellationToken, Task<Stream>> connect,
    Func<Stream, CancellationToken, Task<(Stream Stream, SslProtocols Version)>> secure,
    CheckSettings settings)
{
    private string Hello => (settings.Lmtp ? "LHLO" : "EHLO") + " check.example";

    // RFC 4616 section 2. A step that sends it is not shown.
    private string Login => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{settings.User}\0{settings.Password}"));

    /// <summary>What the server offers in the state in which the checks talk to it.</summary>
    /// <exception cref="InvalidDataException">It does not answer as a server of this protocol.</exception>
    public async Task<CheckOffer> SurveyAsync(CancellationToken stop)
    {
        await using WireProbe probe = new(await connect(stop), settings.Wait, stop);
        if (await probe.ReadReplyAsync() is not { Code: "220" }) throw new InvalidDataException("no greeting 220");
        CheckOffer offer = CheckOffer.Read(await ExchangeAsync(probe, Hello));
        if (settings.Tls == CheckTls.StartTls)
        {
            if (!offer.Has.HasFlag(CheckNeeds.StartTls)) throw new InvalidDataException("it does not offer STARTTLS");
            await ExchangeAsync(probe, "STARTTLS");
            await probe.StartTlsAsync(secure);
            CheckOffer within = CheckOffer.Read(await ExchangeAsync(probe, Hello));
            offer = within with { Has = within.Has | CheckNeeds.StartTls };
        }
        return offer with
        {
            Has = offer.Has
                | (settings.Lmtp ? CheckNeeds.LmtpOnly : CheckNeeds.SmtpOnly)
                | (settings.Deliver is null ? 0 : CheckNeeds.Deliver)
                | (settings.User is null ? 0 : CheckNeeds.User)
                | (settings.Tls == CheckTls.Implicit ? 0 : CheckNeeds.Clear),
        };
    }

    /// <summary>Runs one check. What the server does is a finding, never an exception.</summary>
    public async Task<CheckFinding> RunAsync(ConformanceCheck check, CheckOffer offer, CancellationToken stop)
    {
        CheckNeeds missing = check.Needs & ~offer.Has;
        if (missing != 0) return new CheckFinding(check, CheckOutcome.NotRun, $"needs {missing}", []);
        if (stop.IsCancellationRequested) return new CheckFinding(check, CheckOutcome.NotRun, OutOfTime, []);
        List<string> dialogue = [];
        bool isJudged = false;
        try
        {
            await using WireProbe probe = new(await connect(stop), settings.Wait, stop);
            dialogue = probe.Transcript;
            foreach (string step in check.Steps.SelectMany(step => Expand(step, check)))
            {
                isJudged = step.Contains("=> ", StringComparison.Ordinal);
                if (await StepAsync(probe, Fill(step, offer), check) is { } finding) return finding;
            }
            return new CheckFinding(check, CheckOutcome.Passed, "", dialogue);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException
            or SocketException or AuthenticationException)
        {
            if (stop.IsCancellationRequested) return new CheckFinding(check, CheckOutcome.NotRun, OutOfTime, dialogue);
            string why = exception is OperationCanceledException ? "no answer in time" : exception.Message;
            return new CheckFinding(check, isJudged ? CheckOutcome.Failed : CheckOutcome.NotRun, why, dialogue);
        }
    }

    /// <summary>Why a check was not run that would have had its turn after the end of the whole run's time.</summary>
    public const string OutOfTime = "the time of the run was up";

    private IEnumerable<string> Expand(string step, ConformanceCheck check)
    {
        if (step == "greeting") return ["-> 220"];
        if (step == "open") return Open(check);
        return step.Split(" times ", 2) is [var count, var repeated] && int.TryParse(count, NumberStyles.None, null, out int times)
            ? Enumerable.Repeat(repeated, times)
            : [step];
    }

    // A session as mail is sent in it: with TLS and a name where the user gave them.
    private IEnumerable<string> Open(ConformanceCheck check)
    {
        yield return "-> 220";
        yield return "{hello} -> 250";
        if (settings.Tls == CheckTls.StartTls && !check.Needs.HasFlag(CheckNeeds.Clear))
        {
            yield return "STARTTLS -> 220";
            yield return "tls";
            yield return "{hello} -> 250";
        }
        if (settings.User is not null && check.Group != "auth") yield return "AUTH PLAIN {login} -> 235";
    }

    private string Fill(string step, CheckOffer offer) => step
        .Replace("{hello}", Hello, StringComparison.Ordinal)
        .Replace("{rcpt}", settings.Deliver ?? "Postmaster", StringComparison.Ordinal)
        .Replace("{size}", offer.Size.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{size+1}", (offer.Size + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async Task<CheckFinding?> StepAsync(WireProbe probe, string text, ConformanceCheck check)
    {
        if (text.StartsWith("tls", StringComparison.Ordinal)) return await HandshakeAsync(probe, text, check);
        bool isLogin = text.Contains("{login}", StringComparison.Ordinal);
        CheckStep step = CheckStep.Parse(text.Replace("{login}", Login, StringComparison.Ordinal));
        if (step.Sent.Length > 0) await probe.SendAsync(step.Sent, isLogin ? text[..text.IndexOf('{', StringComparison.Ordinal)] + "***" : null);
        if (step.Codes is null) return null;
        WireReply? reply = await probe.ReadReplyAsync();
        if (step.IsJudged && reply is not null && (reply.Faults & check.Fault) != 0)
        {
            return new CheckFinding(check, CheckOutcome.Failed, $"the reply has the fault {reply.Faults & check.Fault}", probe.Transcript);
        }
        bool isAllowed = step.Allows(reply);
        // That is what a server may say to anything, by its own rules and not by the check's.
        if (!isAllowed && reply?.Code is ("421" or "450" or "451" or "454" or "530"))
            return new CheckFinding(check, CheckOutcome.NotRun, $"answered {reply.Code}: not now, or not to everybody", probe.Transcript);
        return Judge(step, isAllowed, reply is null, $"answered {reply?.Code ?? "by closing"}", probe, check);
    }

    // "tls" prepares; "tls => Tls12|Tls13|failed" judges the version, and whether the handshake may fail.
    private async Task<CheckFinding?> HandshakeAsync(WireProbe probe, string text, ConformanceCheck check)
    {
        CheckStep step = CheckStep.Parse(text.Contains("=> ", StringComparison.Ordinal) ? text : "tls -> Tls12|Tls13|Tls11|Tls");
        string version;
        try
        {
            version = (await probe.StartTlsAsync(secure)).ToString();
        }
        catch (InvalidDataException exception)
        {
            return new CheckFinding(check, CheckOutcome.NotRun, exception.Message, probe.Transcript);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            version = "failed";
        }
        return Judge(step, step.Codes!.Split('|').Contains(version), version == "failed", $"the handshake's outcome was {version}", probe, check);
    }

    // Where the end of the connection is an allowed answer, nothing more can be asked.
    private static CheckFinding? Judge(CheckStep step, bool isAllowed, bool isEnd, string what, WireProbe probe, ConformanceCheck check)
    {
        if (isAllowed && !(isEnd && step.IsJudged)) return null;
        CheckOutcome outcome = !step.IsJudged ? CheckOutcome.NotRun : isAllowed ? CheckOutcome.Passed : CheckOutcome.Failed;
        return new CheckFinding(check, outcome, isAllowed ? "" : $"{what}, allowed is {step.Wanted}", probe.Transcript);
    }

    private static async Task<WireReply> ExchangeAsync(WireProbe probe, string command)
    {
        await probe.SendAsync(Encoding.Latin1.GetBytes(command + "\r\n"));
        return await probe.ReadReplyAsync() is { } reply && reply.Code.StartsWith('2')
            ? reply
            : throw new InvalidDataException($"{command} was refused");
    }
}
