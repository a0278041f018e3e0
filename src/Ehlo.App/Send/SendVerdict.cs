using System;
using System.Linq;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>The exit code of <c>ehlo send</c>.</summary>
internal static class SendVerdict
{
    public static int Of(SendTally tally)
    {
        if (tally.Failure is { } failure) return Of(failure);
        Reply[] refusals = [.. tally.Groups.Select(entry => entry.Group.Reply).Where(reply => !reply.IsPositive)];
        return refusals.Length == 0 ? ExitCode.Success : OfRefusal(Array.TrueForAll(refusals, reply => reply.IsTransient));
    }

    /// <summary>Whether the connection stood, and what it cannot do without was refused or not offered.</summary>
    public static bool IsRefusal(SmtpConnectionException failure) => failure.Answered is { Code: not 421 }
        || (failure is { Answered: null, InnerException: null }
            && (failure.Asked is null || failure.Asked.StartsWith("AUTH ", StringComparison.Ordinal)));

    private static int Of(SmtpConnectionException failure) => failure switch
    {
        { MaySendAgain: false } => ExitCode.Unknown,
        _ when IsRefusal(failure) => OfRefusal(failure.Answered?.IsTransient == true),
        { Answered.IsTransient: true } => ExitCode.Temporary,
        _ => ExitCode.NoConnection,
    };

    private static int OfRefusal(bool isTransient) => isTransient ? ExitCode.Temporary : ExitCode.Failure;
}
