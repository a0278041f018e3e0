namespace Ehlo.Tests.Reference;

/// <summary>The names of the calls of the user's class, as an <see cref="Observation"/> lists them.</summary>
public static class Calls
{
    public const string HelloEhlo = "OnHello(" + Wire.Ehlo + ")";
    public const string HelloRefusedEhlo = "OnHello(" + Wire.RefusedEhlo + ")";
    public const string HelloLhlo = "OnHello(" + Wire.Lhlo + ")";
    public const string HelloRefusedLhlo = "OnHello(" + Wire.RefusedLhlo + ")";
    public const string HelloHelo = "OnHello(" + Wire.Helo + ")";
    public const string Authenticate = "OnAuthenticate";
    public const string Mail = "OnMail";
    public const string Rcpt = "OnRcpt";
    public const string Data = "OnData";

    /// <summary>OnMessageAsync is called.</summary>
    public const string MessageStarted = "OnMessage started";

    /// <summary>OnMessageAsync saw the true end of the content and returned, whatever its reply.</summary>
    public const string MessageCompleted = "OnMessage completed";

    /// <summary>OnMessageAsync was made to end without the end of the content, and has returned.</summary>
    public const string MessageAborted = "OnMessage aborted";

    public const string ResetCompleted = "OnReset(Completed)";
    public const string ResetFailed = "OnReset(Failed)";
    public const string ResetRset = "OnReset(Rset)";
    public const string ResetHello = "OnReset(Hello)";
}
