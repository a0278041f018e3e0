using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Send;
using Ehlo.Client;

namespace Ehlo.App.Commands;

/// <summary><c>ehlo send</c>: from options to what is to be done.</summary>
internal sealed class SendCommand(ProgramContext context)
{
    // Each message is at least a round trip; whoever wants more measures, and there are tools for that.
    private const int MaxCount = 1_000_000;

    // The library's own limit.
    private const int MaxConnections = 1000;

    private readonly Argument<string> _url = new("DESTINATION")
    {
        Description = "smtp://, smtps:// or lmtp://[USER@]HOST[:PORT], or HOST[:PORT].",
        DefaultValueFactory = _ => TargetRequest.DefaultUrl,
    };

    private readonly SendTargetOptions _target = new();
    private readonly SendMessageOptions _message = new();
    private readonly Option<int?> _count = Number("--count", "N", 1, MaxCount, "So many messages (1).");
    private readonly Option<int?> _connections = Number("--connections", "N", 1, MaxConnections, "Over at most so many connections (1).");
    private readonly Option<string?> _stopAfter = new("--stop-after")
    {
        HelpName = "STEP",
        Description = "Ends the session after connect, hello, tls, auth, mail, rcpt or data; nothing is sent.",
    };

    private readonly Option<bool> _transcript = new("--transcript") { Description = "Shows what was said, without secrets." };
    private readonly Option<bool> _json = new("--json") { Description = "Reports as JSON." };

    /// <summary>A number, or null where none is given.</summary>
    public static Option<int?> Number(string name, string helpName, int least, int most, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "", out int value) && value >= least && value <= most) return value;
            result.AddError($"{name} must be a number from {least} to {most}.");
            return null;
        },
    };

    /// <summary>Lets the option have one of these values only.</summary>
    public static void Among(Option<string?> option, string[] values) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && values.Contains(result.Tokens[0].Value)) return;
        result.AddError($"{option.Name} must be {string.Join(", ", values[..^1])} or {values[^1]}.");
    });

    public Command Create()
    {
        Among(_stopAfter, [.. Enum.GetNames<SendStage>().Select(name => name.ToLowerInvariant())]);
        Command command = new("send", "Sends a message, made here or ready, and says what became of it.") { _url };
        _message.AddTo(command);
        _target.AddTo(command);
        foreach (Option option in new Option[] { _count, _connections, _stopAfter, _transcript, _json }) command.Add(option);
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private Task<int> RunAsync(ParseResult result)
    {
        EnvelopeRequest envelope = _message.ReadEnvelope(result);
        TargetRequest target = _target.Read(result) with { Url = result.GetValue(_url)!, RequiresTls = envelope.RequiresTls };
        List<string> problems = [];
        TargetReader targets = new(context, problems);
        SendSettings? settings = Read(result, target, envelope, targets, problems);
        SendAccount account = new(context, isQuiet: true, showsDialogue: false);
        foreach (string warning in targets.Warnings) account.Warning(warning);
        if (settings is not null && problems.Count == 0)
            return new SendRun(context, settings, result.GetValue(_transcript), result.GetValue(_json)).RunAsync();
        foreach (string problem in problems) account.Failure(problem);
        return Task.FromResult(ExitCode.Usage);
    }

    private SendSettings? Read(
        ParseResult result, TargetRequest request, EnvelopeRequest envelopeRequest, TargetReader targets, List<string> problems)
    {
        int count = result.GetValue(_count) ?? 1;
        int connections = result.GetValue(_connections) ?? 1;
        SendStage? stopAfter = result.GetValue(_stopAfter) is { } step ? Enum.Parse<SendStage>(step, ignoreCase: true) : null;
        if (stopAfter is not null && count > 1) problems.Add("--stop-after and --count do not go together");
        if (result.GetValue(_transcript) && connections > 1) problems.Add("--transcript is of one connection, and not for --connections");
        MessageRequest messageRequest = _message.ReadMessage(result);
        // Before a password is asked for: all else must be right by then.
        EnvelopeReader envelopes = new(context, problems);
        SendParties? parties = envelopes.ReadParties(envelopeRequest, IsThisMachine(request.Url));
        Envelope? envelope = parties is null ? null : envelopes.ReadEnvelope(envelopeRequest, parties);
        Func<int, Content>? contents =
            parties is null ? null : new MessageReader(context, problems).Read(messageRequest, parties, envelopeRequest.UsesSmtpUtf8, count);
        SendRoute? route = targets.Read(request, messageRequest.TakesInput);
        return route is null || envelope is null || contents is null ? null : new()
        {
            Route = route,
            Envelope = envelope,
            Contents = contents,
            Count = count,
            Connections = connections,
            StopAfter = stopAfter,
        };
    }

    // What is wrong with the URL is said once, by whoever reads it for good.
    private static bool IsThisMachine(string url)
    {
        try
        {
            return SendTarget.Parse(url).Destination.IsLocal;
        }
        catch (FormatException)
        {
            return true;
        }
    }
}
