using System;
using Ehlo.Client;

namespace Ehlo.App.Load;

/// <summary>A kind of failure; those of one kind are counted together.</summary>
/// <param name="Kind">connect, timeout, reply, closed, unsendable or stopped.</param>
/// <param name="Step">What was under way: connect, greeting, hello, tls, auth, mail, rcpt, data or content; "" where it is not known.</param>
/// <param name="Code">The reply's code; 0 without one.</param>
internal readonly record struct LoadError(string Kind, string Step, int Code = 0)
{
    /// <summary>The run was stopped, and nobody waits for the answer any more.</summary>
    public static readonly LoadError Stopped = new("stopped", "");

    /// <summary>A reply whose code is not the one that its command asks for.</summary>
    public static LoadError Reply(string step, int code) => new("reply", step, code);

    /// <summary>A connection that failed or was refused.</summary>
    /// <param name="exception">How.</param>
    /// <param name="step">What was under way, if that is known.</param>
    public static LoadError Of(SmtpConnectionException exception, string? step)
    {
        if (step is null or "connect") step = StepOf(exception);
        if (exception.Answered is { } answered) return new("reply", step, answered.Code);
        if (exception.InnerException is TimeoutException) return new("timeout", step);
        return new(step == "connect" ? "connect" : "closed", step);
    }

    /// <summary>A refusal in the outcome of a message.</summary>
    public static LoadError Of(RecipientResult refused) => refused.IsLocal
        ? new("unsendable", "", refused.Reply.Code)
        : new("reply", refused.Step is TransactionStep.None ? "" : refused.Step.ToString().ToLowerInvariant(), refused.Reply.Code);

    /// <summary>Whether it came before the first message over a connection.</summary>
    public bool IsOfConnecting => Step is "connect" or "greeting" or "hello" or "tls" or "auth";

    // Before anything was asked there was no connection.
    private static string StepOf(SmtpConnectionException exception) => exception.Asked switch
    {
        _ when !exception.MaySendAgain => "content",
        null => exception.Answered is null ? "connect" : "",
        "greeting" or "the connection stood" => "greeting",
        "hello" => "hello",
        "STARTTLS" => "tls",
        { } asked when asked.StartsWith("AUTH", StringComparison.Ordinal) => "auth",
        _ => "",
    };
}
