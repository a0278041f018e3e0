using System;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;

namespace Ehlo.Server;

/// <summary>Which method of the session class answers which decision.</summary>
internal static class SessionMethods
{
    /// <summary>Asks the session class.</summary>
    public static ValueTask<Reply> CallAsync(SmtpSession session, PendingDecision pending, CancellationToken token) => pending.Kind switch
    {
        Decision.Connect => session.OnConnectAsync(token),
        Decision.Hello => session.OnHelloAsync(pending.Hello, token),
        Decision.Mail => session.OnMailAsync(pending.Mail, token),
        Decision.Rcpt => session.OnRcptAsync(session.Transaction!, pending.Recipient, token),
        Decision.Data => session.OnDataAsync(session.Transaction!, token),
        Decision.StartTls => session.OnStartTlsAsync(token),
        Decision.Verify => session.OnVerifyAsync(pending.Argument, token),
        Decision.Expand => session.OnExpandAsync(pending.Argument, token),
        Decision.Help => session.OnHelpAsync(pending.Argument, token),
        Decision.Command => session.OnCommandAsync(pending.Command.Verb, pending.Command.Argument, token),
        _ => throw new InvalidOperationException("There is nothing to decide."),
    };

    /// <summary>The name of the method, for those who are told that it failed.</summary>
    public static string NameOf(Decision kind) => kind switch
    {
        Decision.Verify => nameof(SmtpSession.OnVerifyAsync),
        Decision.Expand => nameof(SmtpSession.OnExpandAsync),
        _ => $"On{kind}Async",
    };
}
