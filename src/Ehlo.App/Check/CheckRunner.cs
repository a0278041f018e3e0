using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading.Tasks;

namespace Ehlo.App.Check;

/// <summary>Runs checks one after another, each on a connection of its own: never more than one connection at a time.</summary>
internal sealed class CheckRunner(Func<Task<Stream>> connect, CheckSettings settings)
{
    private string Hello => (settings.Lmtp ? "LHLO" : "EHLO") + " check.example";

    /// <summary>What the server offers in the state in which the checks talk to it.</summary>
    /// <exception cref="InvalidDataException">It does not answer as a server of this protocol.</exception>
    public async Task<CheckNeeds> SurveyAsync()
    {
        await using WireProbe probe = new(await connect(), settings.Timeout);
        if (await probe.ReadReplyAsync() is not { Code: "220" }) throw new InvalidDataException("no greeting 220");
        CheckNeeds offered = await OfferAsync(probe);
        if (settings.Tls == CheckTls.StartTls)
        {
            if (!offered.HasFlag(CheckNeeds.StartTls)) throw new InvalidDataException("it does not offer STARTTLS");
            await ExchangeAsync(probe, "STARTTLS");
            await probe.StartTlsAsync(settings.Host, settings.Insecure);
            offered |= await OfferAsync(probe);
        }
        return offered
            | (settings.Lmtp ? CheckNeeds.LmtpOnly : CheckNeeds.SmtpOnly)
            | (settings.Deliver is null ? 0 : CheckNeeds.Deliver)
            | (settings.Tls == CheckTls.Implicit ? 0 : CheckNeeds.Clear);
    }

    public async Task<CheckFinding> RunAsync(ConformanceCheck check, CheckNeeds available)
    {
        CheckNeeds missing = check.Needs & ~available;
        if (missing != 0) return new CheckFinding(check, CheckOutcome.NotRun, $"needs {missing}", []);
        List<string> dialogue = [];
        bool isJudged = false;
        try
        {
            await using WireProbe probe = new(await connect(), settings.Timeout);
            dialogue = probe.Transcript;
            foreach (string step in check.Steps)
            {
                foreach (string each in Expand(step, check))
                {
                    isJudged = each.Contains("=> ", StringComparison.Ordinal);
                    if (await StepAsync(probe, each, check) is { } finding) return finding;
                }
            }
            return new CheckFinding(check, CheckOutcome.Passed, "", dialogue);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException
            or SocketException or AuthenticationException)
        {
            string why = exception is OperationCanceledException ? "no answer in time" : exception.Message;
            return new CheckFinding(check, isJudged ? CheckOutcome.Failed : CheckOutcome.NotRun, why, dialogue);
        }
    }

    private IEnumerable<string> Expand(string step, ConformanceCheck check) => step switch
    {
        "greeting" => ["-> 220"],
        "open" => [.. Open(check)],
        _ => [step],
    };

    // A session as mail is sent in it: with TLS and a name where the user gave them.
    private IEnumerable<string> Open(ConformanceCheck check)
    {
        yield return "-> 220";
        yield return $"{Hello} -> 250";
        if (settings.Tls == CheckTls.StartTls && !check.Needs.HasFlag(CheckNeeds.Clear))
        {
            yield return "STARTTLS -> 220";
            yield return "tls";
            yield return $"{Hello} -> 250";
        }
        if (settings.User is null || check.Group == "auth") yield break;
        string plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{settings.User}\0{settings.Password}"));
        yield return $"AUTH PLAIN {plain} -> 235";
    }

    private async Task<CheckFinding?> StepAsync(WireProbe probe, string text, ConformanceCheck check)
    {
        if (text == "tls")
        {
            await probe.StartTlsAsync(settings.Host, settings.Insecure);
            return null;
        }
        CheckStep step = CheckStep.Parse(text.Replace("{hello}", Hello, StringComparison.Ordinal), settings.Deliver ?? "Postmaster");
        // The user's own password is in it; those of the checks are known to everybody.
        bool isLogin = settings.User is not null && text.StartsWith("AUTH PLAIN ", StringComparison.Ordinal);
        if (step.Sent.Length > 0) await probe.SendAsync(step.Sent, isLogin ? "AUTH PLAIN ***" : null);
        if (step.Codes is null) return null;
        WireReply? reply = await probe.ReadReplyAsync();
        if (step.IsJudged && reply is not null && (reply.Faults & check.Fault) != 0)
        {
            return new CheckFinding(check, CheckOutcome.Failed, $"the reply has the fault {reply.Faults & check.Fault}", probe.Transcript);
        }
        if (step.Allows(reply)) return null;
        string why = $"answered {reply?.Code ?? "by closing"}, allowed is {step.Codes}";
        return new CheckFinding(check, step.IsJudged ? CheckOutcome.Failed : CheckOutcome.NotRun, why, probe.Transcript);
    }

    private async Task<CheckNeeds> OfferAsync(WireProbe probe)
    {
        WireReply reply = await ExchangeAsync(probe, Hello);
        CheckNeeds offered = CheckNeeds.None;
        for (int i = 1; i < reply.Lines.Count; i++)
        {
            string line = reply.Lines[i];
            offered |= (line.Length > 4 ? line[4..].Split(' ')[0].ToUpperInvariant() : "") switch
            {
                "STARTTLS" => CheckNeeds.StartTls,
                "AUTH" => CheckNeeds.Auth,
                "CHUNKING" => CheckNeeds.Chunking,
                "PIPELINING" => CheckNeeds.Pipelining,
                "SIZE" => CheckNeeds.Size,
                "8BITMIME" => CheckNeeds.EightBitMime,
                "SMTPUTF8" => CheckNeeds.SmtpUtf8,
                "DSN" => CheckNeeds.Dsn,
                "ENHANCEDSTATUSCODES" => CheckNeeds.EnhancedCodes,
                _ => CheckNeeds.None,
            };
        }
        return offered;
    }

    private static async Task<WireReply> ExchangeAsync(WireProbe probe, string command)
    {
        await probe.SendAsync(Encoding.Latin1.GetBytes(command + "\r\n"));
        return await probe.ReadReplyAsync() is { } reply && reply.Code.StartsWith('2')
            ? reply
            : throw new InvalidDataException($"{command} was refused");
    }
}
